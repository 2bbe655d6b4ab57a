#include "util/atomic_file.hpp"

#include "util/error.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <random>
#include <string_view>

namespace isinfetch {

namespace {

namespace fs = std::filesystem;

constexpr mode_t kPrivateMode = 0600;
constexpr int kAttempts = 100;
constexpr std::size_t kRandomLength = 6;

/// ".list.csv.isinfetch-"; of a long name only the beginning, for the whole has to be a name too.
std::string hidden_prefix(const std::string& name) {
    constexpr std::size_t kMost = 200;
    return fmt::format(".{}.isinfetch-", std::string_view(name).substr(0, kMost));
}

std::string hidden_name(const std::string& name) {
    constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz0123456789";
    thread_local std::minstd_rand dice{std::random_device{}()};
    std::uniform_int_distribution<std::size_t> letter(0, kLetters.size() - 1);
    std::string hidden = hidden_prefix(name);
    for (std::size_t i = 0; i < kRandomLength; ++i) {
        hidden += kLetters[letter(dice)];
    }
    return hidden;
}

/// Whoever writes it holds a lock on it from before it has a name.
bool lock(int descriptor) {
    return ::flock(descriptor, LOCK_EX | LOCK_NB) == 0;
}

bool is_same(int descriptor, int folder, const std::string& name) {
    struct stat open {};
    struct stat named {};
    return ::fstat(descriptor, &open) == 0 &&
           ::fstatat(folder, name.c_str(), &named, AT_SYMLINK_NOFOLLOW) == 0 &&
           open.st_ino == named.st_ino && open.st_dev == named.st_dev;
}

/// Of a writer that is dead: the lock went with it.
void remove_if_dead(int folder, const std::string& name) {
    const Descriptor file(
        ::openat(folder, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    struct stat status {};
    if (file.get() >= 0 && ::fstat(file.get(), &status) == 0 && S_ISREG(status.st_mode) &&
        status.st_uid == ::geteuid() && lock(file.get()) && is_same(file.get(), folder, name)) {
        ::unlinkat(folder, name.c_str(), 0);
    }
}

fs::path own_path(int descriptor) {
    return fmt::format("/proc/self/fd/{}", descriptor);
}

}  // namespace

AtomicFile::AtomicFile(const fs::path& target)
    : AtomicFile(Directory(target.parent_path(), target.native()), target.filename().native()) {}

AtomicFile::AtomicFile(Directory folder, std::string name)
    : folder_(std::move(folder)), name_(std::move(name)) {
    remove_leftovers();
    make_unnamed();
    if (descriptor_.get() < 0) {
        make_named();
    }
}

// Nothing useful can be done when it fails; the name is hidden, and the next one removes it.
AtomicFile::~AtomicFile() {
    if (!hidden_.empty()) {
        ::unlinkat(folder_.get(), hidden_.c_str(), 0);
    }
}

void AtomicFile::write(std::string_view bytes) {
    write_all(descriptor_.get(), bytes, folder_.path() / name_);
}

// Without /proc it could be given no name: linkat(2), AT_EMPTY_PATH is for root.
void AtomicFile::make_unnamed() {
    Descriptor file(::openat(folder_.get(), ".", O_TMPFILE | O_RDWR | O_CLOEXEC, kPrivateMode));
    if (file.get() >= 0 && ::access(own_path(file.get()).c_str(), F_OK) == 0) {
        lock(file.get());
        descriptor_ = std::move(file);
    }
}

// Not every file system has O_TMPFILE: NFS and some overlays do not. Between a name and its lock,
// the file may be taken for one of a dead writer.
void AtomicFile::make_named() {
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
        const std::string hidden = hidden_name(name_);
        Descriptor file(::openat(
            folder_.get(), hidden.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, kPrivateMode));
        if (file.get() < 0 && errno != EEXIST) {
            fail_errno(errno, (folder_.path() / name_).native(), ErrorKind::cannot_create);
        }
        if (file.get() < 0) {
            continue;
        }
        lock(file.get());
        if (is_same(file.get(), folder_.get(), hidden)) {
            descriptor_ = std::move(file);
            hidden_ = hidden;
            return;
        }
    }
    fail(ErrorKind::cannot_create, "{}: no name is free", (folder_.path() / name_).native());
}

void AtomicFile::remove_leftovers() const {
    const std::string prefix = hidden_prefix(name_);
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(folder_.path(), none)) {
        const std::string name = entry.path().filename().native();
        if (name.size() == prefix.size() + kRandomLength && name.starts_with(prefix)) {
            remove_if_dead(folder_.get(), name);
        }
    }
}

/// False when something has that name already.
bool AtomicFile::link_to(const std::string& name) const {
    const int folder = folder_.get();
    if (::linkat(AT_FDCWD,
                 own_path(descriptor_.get()).c_str(),
                 folder,
                 name.c_str(),
                 AT_SYMLINK_FOLLOW) == 0) {
        return true;
    }
    if (errno != EEXIST) {
        fail_errno(errno, (folder_.path() / name_).native(), ErrorKind::io);
    }
    return false;
}

void AtomicFile::give_hidden_name() {
    for (int attempt = 0; hidden_.empty() && attempt < kAttempts; ++attempt) {
        const std::string hidden = hidden_name(name_);
        if (link_to(hidden)) {
            hidden_ = hidden;
        }
    }
}

void AtomicFile::rename_to_target() {
    if (::renameat(folder_.get(), hidden_.c_str(), folder_.get(), name_.c_str()) != 0) {
        const fs::path& folder = folder_.path();
        fail_errno(
            errno,
            fmt::format("{}: rename to {}", (folder / hidden_).native(), (folder / name_).native()),
            ErrorKind::io);
    }
    done();
}

void AtomicFile::done() {
    hidden_.clear();
    sync_file(folder_.get(), folder_.path());
}

void AtomicFile::finish(mode_t mode) {
    const fs::path path = folder_.path() / name_;
    if (::fchmod(descriptor_.get(), mode) != 0) {
        fail_errno(errno, path.native(), ErrorKind::io);
    }
    sync_file(descriptor_.get(), path);
}

void AtomicFile::commit(mode_t mode) {
    finish(mode);
    if (hidden_.empty() && link_to(name_)) {
        done();
        return;
    }
    give_hidden_name();
    rename_to_target();
}

bool AtomicFile::commit_new(mode_t mode) {
    finish(mode);
    if (hidden_.empty()) {
        const bool is_new = link_to(name_);
        if (is_new) {
            done();
        }
        return is_new;
    }
    const int folder = folder_.get();
    if (::renameat2(folder, hidden_.c_str(), folder, name_.c_str(), RENAME_NOREPLACE) == 0) {
        done();
        return true;
    }
    if (errno == EEXIST) {
        return false;
    }
    rename_to_target();
    return true;
}

void AtomicFile::commit_as_before(Owner owner) {
    struct stat before {};
    if (::fstatat(folder_.get(), name_.c_str(), &before, 0) != 0) {
        commit();
        return;
    }
    // Who may write the folder but is not the owner cannot give the file back to him.
    const bool owned = ::fchown(descriptor_.get(), before.st_uid, before.st_gid) == 0;
    const bool may_go_on = owned || owner == Owner::may_change || before.st_uid == ::geteuid();
    if (!may_go_on) {
        fail_errno(errno, (folder_.path() / name_).native(), ErrorKind::cannot_create);
    }
    constexpr mode_t kModeBits = 07777;
    finish(before.st_mode & kModeBits);
    give_hidden_name();
    rename_to_target();
}

}  // namespace isinfetch
