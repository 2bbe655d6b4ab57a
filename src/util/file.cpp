#include "util/file.hpp"

#include "util/error.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <system_error>

namespace isinfetch {

namespace {

constexpr mode_t kPublicMode = 0644;
constexpr mode_t kPrivateMode = 0600;

Descriptor open_for_reading(const std::filesystem::path& path) {
    Descriptor descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (descriptor.get() < 0) {
        fail_errno(errno, path.native(), ErrorKind::gone);
    }
    return descriptor;
}

void rename_durably(const std::filesystem::path& from, const std::filesystem::path& to) {
    if (::rename(from.c_str(), to.c_str()) != 0) {
        fail_errno(
            errno, fmt::format("{}: rename to {}", from.native(), to.native()), ErrorKind::io);
    }
    sync_directory(to.parent_path());
}

void make_public(int descriptor, const std::filesystem::path& path) {
    if (::fchmod(descriptor, kPublicMode) != 0) {
        fail_errno(errno, path.native(), ErrorKind::io);
    }
}

}  // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
    std::swap(value_, other.value_);
    return *this;
}

Descriptor::~Descriptor() {
    if (value_ >= 0) {
        ::close(value_);
    }
}

FileSource::FileSource(const std::filesystem::path& path, std::uint64_t begin)
    : path_(path), descriptor_(open_for_reading(path)) {
    if (begin > 0 && ::lseek(descriptor_.get(), static_cast<off_t>(begin), SEEK_SET) < 0) {
        fail_errno(errno, path_.native(), ErrorKind::io);
    }
}

std::size_t FileSource::read(std::span<char> buffer) {
    std::size_t count = 0;
    while (count < buffer.size()) {
        const ssize_t got = ::read(descriptor_.get(), buffer.data() + count, buffer.size() - count);
        if (got < 0 && errno != EINTR) {
            fail_errno(errno, path_.native(), ErrorKind::io);
        }
        if (got == 0) {
            break;
        }
        count += got > 0 ? static_cast<std::size_t>(got) : 0;
    }
    return count;
}

AtomicFile::AtomicFile(std::filesystem::path target) : target_(std::move(target)) {
    if (!target_.has_parent_path()) {
        target_ = "." / target_;
    }
    std::string pattern =
        fmt::format("{}/.{}.XXXXXX", target_.parent_path().native(), target_.filename().native());
    descriptor_ = Descriptor(::mkostemp(pattern.data(), O_CLOEXEC));
    if (descriptor_.get() < 0) {
        fail_errno(errno, target_.native(), ErrorKind::cannot_create);
    }
    temporary_ = pattern;
}

// Nothing useful can be done when unlink fails; the name begins with a dot and is never read.
AtomicFile::~AtomicFile() {
    if (!temporary_.empty()) {
        ::unlink(temporary_.c_str());
    }
}

void AtomicFile::write(std::string_view bytes) {
    write_all(descriptor_.get(), bytes, target_);
}

void AtomicFile::commit() {
    sync_file(descriptor_.get(), temporary_);
    make_public(descriptor_.get(), temporary_);
    rename_durably(temporary_, target_);
    temporary_.clear();
}

Descriptor make_unnamed_file(const std::filesystem::path& directory) {
    Descriptor file(::open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, kPrivateMode));
    if (file.get() >= 0) {
        return file;
    }
    // Not every file system has O_TMPFILE: NFS and some overlays do not.
    std::string name = (directory / ".unnamed-XXXXXX").string();
    file = Descriptor(::mkostemp(name.data(), O_CLOEXEC));
    if (file.get() < 0) {
        fail_errno(errno, directory.string(), ErrorKind::cannot_create);
    }
    ::unlink(name.c_str());
    return file;
}

std::string read_piece(const std::filesystem::path& path, std::uint64_t begin, std::size_t size) {
    FileSource source(path, begin);
    std::string bytes(size, '\0');
    bytes.resize(source.read(bytes));
    return bytes;
}

void AtomicFile::commit_as_before() {
    struct stat before {};
    if (::stat(target_.c_str(), &before) != 0) {
        commit();
        return;
    }
    // Who may write the folder but is not the owner cannot give the file back to him.
    const bool owned = ::fchown(descriptor_.get(), before.st_uid, before.st_gid) == 0;
    constexpr mode_t kModeBits = 07777;
    if (::fchmod(descriptor_.get(), before.st_mode & kModeBits) != 0 ||
        (!owned && before.st_uid != ::geteuid())) {
        fail_errno(errno, target_.native(), ErrorKind::cannot_create);
    }
    sync_file(descriptor_.get(), temporary_);
    rename_durably(temporary_, target_);
    temporary_.clear();
}

void write_all(int descriptor, std::string_view bytes, const std::filesystem::path& path) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno != EINTR) {
            fail_errno(errno, path.native(), ErrorKind::io);
        }
        bytes.remove_prefix(written > 0 ? static_cast<std::size_t>(written) : 0);
    }
}

std::string read_file(const std::filesystem::path& path) {
    FileSource source(path);
    std::string text;
    std::array<char, 65536> buffer{};
    while (const std::size_t count = source.read(buffer)) {
        text.append(buffer.data(), count);
    }
    return text;
}

void make_directories(const std::filesystem::path& directory) {
    std::error_code failure;
    std::filesystem::create_directories(directory, failure);
    if (failure) {
        fail_errno(failure.value(), directory.native(), ErrorKind::cannot_create);
    }
}

void sync_file(int descriptor, const std::filesystem::path& path) {
    if (::fsync(descriptor) != 0 && errno != EINVAL && errno != ENOTSUP) {
        fail_errno(errno, path.native(), ErrorKind::io);
    }
}

void sync_directory(const std::filesystem::path& directory) {
    const Descriptor descriptor(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (descriptor.get() < 0) {
        fail_errno(errno, directory.native(), ErrorKind::io);
    }
    sync_file(descriptor.get(), directory);
}

void publish_file(const std::filesystem::path& file, const std::filesystem::path& target) {
    {
        const Descriptor descriptor = open_for_reading(file);
        sync_file(descriptor.get(), file);
        make_public(descriptor.get(), file);
    }
    rename_durably(file, target);
}

}  // namespace isinfetch
