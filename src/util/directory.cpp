#include "util/directory.hpp"

#include "util/error.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <iterator>
#include <optional>

namespace isinfetch {

namespace {

namespace fs = std::filesystem;

constexpr int kFolder = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
constexpr mode_t kMostOfFolder = 0755;
constexpr mode_t kOwn = 0700;

constexpr std::array kFileModes{
    FileModes{"0644", 0644, 0755, "everybody on this machine"},
    FileModes{"0640", 0640, 0750, "the user of the run and their group"},
    FileModes{"0600", 0600, 0700, "the user of the run alone"},
};

std::optional<struct stat> status_of(int descriptor) {
    struct stat status {};
    return ::fstat(descriptor, &status) == 0 ? std::optional(status) : std::nullopt;
}

mode_t mode_of(int descriptor) {
    const auto status = status_of(descriptor);
    return status ? status->st_mode : kMostOfFolder;
}

/// The umask takes rights away; what another bit of the mode means is the system's business.
void set_rights(int descriptor, mode_t rights) {
    constexpr mode_t kRights = 0777;
    const mode_t before = mode_of(descriptor);
    if ((before & kRights) != rights) {
        // Where the file system has no rights, there is nothing to set.
        static_cast<void>(::fchmod(descriptor, (before & ~kRights & 07777U) | rights));
    }
}

/// All rights of those who have one.
mode_t whom_it_lets_in(mode_t mode) {
    mode_t all = 0;
    for (const mode_t whose : {0700U, 0070U, 0007U}) {
        all |= (mode & whose) != 0 ? whose : 0;
    }
    return all;
}

}  // namespace

std::span<const FileModes> file_modes() noexcept {
    return kFileModes;
}

Directory::Directory(fs::path path, Descriptor descriptor, uid_t owner)
    : path_(std::move(path)),
      descriptor_(std::make_shared<const Descriptor>(std::move(descriptor))),
      owner_(owner) {}

Directory::Directory(const fs::path& path, const std::string& for_what)
    : Directory(path.empty() ? fs::path(".") : path,
                Descriptor(::open(path.empty() ? "." : path.c_str(), kFolder)),
                0) {
    if (get() < 0) {
        fail_errno(errno, for_what.empty() ? path.native() : for_what, ErrorKind::cannot_create);
    }
    const auto status = status_of(get());
    owner_ = status ? status->st_uid : ::geteuid();
}

Directory Directory::make(const fs::path& path, int own) {
    const auto parts = std::distance(path.begin(), path.end());
    fs::path named;
    auto part = path.begin();
    for (auto left = parts - own; left > 0; --left) {
        named /= *part++;
    }
    if (!named.empty()) {
        make_directories(named);
    }
    Directory folder(named);
    for (; part != path.end(); ++part) {
        folder = folder.below(part->native());
    }
    return folder;
}

Directory Directory::below(const std::string& name) const {
    const fs::path path = path_ / name;
    const mode_t mode = (mode_of(get()) & kMostOfFolder) | kOwn;
    const bool is_new = ::mkdirat(get(), name.c_str(), mode) == 0;
    if (!is_new && errno != EEXIST) {
        fail_errno(errno, path.native(), ErrorKind::cannot_create);
    }
    Descriptor folder(::openat(get(), name.c_str(), kFolder | O_NOFOLLOW));
    if (folder.get() < 0 && (errno == ELOOP || errno == ENOTDIR)) {
        refuse_foreign_link(name);
        folder = Descriptor(::openat(get(), name.c_str(), kFolder));
    }
    if (folder.get() < 0) {
        fail_errno(errno, path.native(), ErrorKind::cannot_create);
    }
    if (is_new) {
        set_rights(folder.get(), mode);
    }
    check(folder.get(), path);
    return {path, std::move(folder), owner_};
}

Descriptor Directory::open(const std::string& name, int flags, mode_t mode) const {
    const fs::path path = path_ / name;
    Descriptor file(::openat(get(), name.c_str(), flags | O_NOFOLLOW | O_CLOEXEC, mode));
    if (file.get() < 0 && errno == ELOOP) {
        fail(ErrorKind::permission, "{}: a link, which is not followed: remove it", path.native());
    }
    if (file.get() < 0) {
        fail_errno(errno, path.native(), ErrorKind::cannot_create);
    }
    const auto status = status_of(file.get());
    if (status && !S_ISREG(status->st_mode)) {
        fail(ErrorKind::permission, "{}: no regular file: remove it", path.native());
    }
    check(file.get(), path);
    return file;
}

void Directory::refuse_foreign_link(const std::string& name) const {
    struct stat link {};
    if (::fstatat(get(), name.c_str(), &link, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(link.st_mode) &&
        !is_trusted(link.st_uid)) {
        fail(ErrorKind::permission,
             "{}: a link that user {} has made: it is not followed: remove it",
             (path_ / name).native(),
             link.st_uid);
    }
}

mode_t Directory::file_mode() const {
    constexpr mode_t kMost = 0644;
    constexpr mode_t kLeast = 0600;
    return (mode_of(get()) & kMost) | kLeast;
}

bool Directory::is_trusted(uid_t user) const noexcept {
    return user == ::geteuid() || user == 0 || user == owner_;
}

void Directory::check(int descriptor, const fs::path& path) const {
    const auto status = status_of(descriptor);
    if (status && !is_trusted(status->st_uid)) {
        fail(ErrorKind::permission,
             "{}: belongs to user {}, neither to the user of this run nor to the owner of the "
             "folder: remove it",
             path.native(),
             status->st_uid);
    }
}

void prepare_state_directory(const fs::path& directory, const FileModes& modes) {
    std::error_code ignored;
    const bool is_there = fs::exists(directory, ignored);
    if (!is_there && directory.has_parent_path()) {
        make_directories(directory.parent_path());
    }
    const bool is_new = ::mkdir(directory.c_str(), modes.folders) == 0;
    if (!is_new && errno != EEXIST) {
        fail_errno(errno, directory.native(), ErrorKind::cannot_create);
    }
    const Directory folder(directory);
    const auto status = status_of(folder.get());
    if (is_new) {
        set_rights(folder.get(), modes.folders);
        sync_name(directory);
    } else if (status && status->st_uid == ::geteuid()) {
        constexpr mode_t kRights = 0777;
        set_rights(folder.get(), status->st_mode & kRights & whom_it_lets_in(modes.folders));
    }
}

}  // namespace isinfetch
