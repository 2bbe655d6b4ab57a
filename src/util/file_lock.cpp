#include "util/file_lock.hpp"

#include "util/error.hpp"
#include "util/text.hpp"
#include "util/wait.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <optional>

namespace isinfetch {

namespace {

constexpr std::chrono::milliseconds kPollEvery{50};

std::string comment_in(int descriptor) {
    std::array<char, 256> buffer{};
    const ssize_t count = ::pread(descriptor, buffer.data(), buffer.size(), 0);
    const std::size_t length = count > 0 ? static_cast<std::size_t>(count) : 0;
    return std::string(trim({buffer.data(), length}));
}

std::string holder_in(int descriptor) {
    const std::string comment = comment_in(descriptor);
    return comment.empty() ? "process" : fmt::format("run ({})", printable(comment));
}

/// Only "held by somebody else" heals by waiting: a file system without locks never does.
[[noreturn]] void fail_unlockable(int error_number, const std::filesystem::path& path) {
    fail_errno(error_number,
               fmt::format("{}: cannot be locked (state_dir must lie on a file system with locks)",
                           path.native()),
               ErrorKind::cannot_create);
}

/// Polls rather than blocks: a blocking flock() could be ended neither by time nor by a signal.
/// False when it is held longer than that.
bool take(int descriptor,
          const std::filesystem::path& path,
          std::chrono::milliseconds patience,
          LockMode mode) {
    std::optional<Wait> wait;
    const int operation = (mode == LockMode::shared ? LOCK_SH : LOCK_EX) | LOCK_NB;
    while (::flock(descriptor, operation) != 0) {
        if (errno == EINTR) {
            continue;
        }
        if (errno != EWOULDBLOCK) {
            fail_unlockable(errno, path);
        }
        if (!wait) {
            wait.emplace(
                fmt::format("waiting for another {}: {}", holder_in(descriptor), path.native()),
                patience);
        }
        if (!wait->nap(kPollEvery)) {
            return false;
        }
    }
    return true;
}

}  // namespace

FileLock::FileLock(const Directory& folder,
                   const std::string& name,
                   const std::string& holder,
                   std::chrono::milliseconds patience,
                   LockMode mode)
    : descriptor_(folder.open(name, O_RDWR | O_CREAT, folder.file_mode())) {
    const std::filesystem::path path = folder.path() / name;
    if (!take(descriptor_.get(), path, patience, mode)) {
        fail(ErrorKind::busy,
             "{}: locked by another {}",
             path.native(),
             holder_in(descriptor_.get()));
    }
    if (mode == LockMode::shared) {
        return;
    }
    // Only a comment: a full disk must not stop a run that may not need to write anything.
    const std::string line = holder + "\n";
    if (::ftruncate(descriptor_.get(), 0) == 0) {
        static_cast<void>(::pwrite(descriptor_.get(), line.data(), line.size(), 0) < 0);
    }
}

std::optional<std::string> lock_holder(const std::filesystem::path& path) {
    const Descriptor descriptor(
        ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (descriptor.get() < 0) {
        return std::nullopt;
    }
    int failure = 0;
    do {
        failure = ::flock(descriptor.get(), LOCK_SH | LOCK_NB) == 0 ? 0 : errno;
    } while (failure == EINTR);
    return failure == EWOULDBLOCK ? std::optional(comment_in(descriptor.get())) : std::nullopt;
}

}  // namespace isinfetch
