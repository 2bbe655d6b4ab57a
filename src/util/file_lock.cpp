#include "util/file_lock.hpp"

#include "util/error.hpp"
#include "util/interrupt.hpp"
#include "util/text.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <thread>

namespace isinfetch {

namespace {

constexpr std::chrono::milliseconds kPollEvery{50};

std::string comment_in(int descriptor) {
    std::array<char, 256> buffer{};
    const ssize_t count = ::pread(descriptor, buffer.data(), buffer.size(), 0);
    const std::size_t length = count > 0 ? static_cast<std::size_t>(count) : 0;
    return std::string(trim({buffer.data(), length}));
}

/// Polls rather than blocks: a blocking flock() could be ended neither by time nor by a signal.
bool take(int descriptor, std::chrono::milliseconds patience) {
    const auto end = std::chrono::steady_clock::now() + patience;
    while (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR) {
            return false;
        }
        stop_if_interrupted();
        if (std::chrono::steady_clock::now() >= end) {
            return false;
        }
        std::this_thread::sleep_for(kPollEvery);
    }
    return true;
}

}  // namespace

FileLock::FileLock(const std::filesystem::path& path,
                   const std::string& holder,
                   std::chrono::milliseconds patience)
    : descriptor_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644)) {
    if (descriptor_.get() < 0) {
        fail_errno(errno, path.native(), ErrorKind::cannot_create);
    }
    if (!take(descriptor_.get(), patience)) {
        fail(ErrorKind::temporary,
             "{}: locked by another run ({})",
             path.native(),
             printable(comment_in(descriptor_.get())));
    }
    // Only a comment: a full disk must not stop a run that may not need to write anything.
    const std::string line = holder + "\n";
    if (::ftruncate(descriptor_.get(), 0) == 0) {
        static_cast<void>(::pwrite(descriptor_.get(), line.data(), line.size(), 0) < 0);
    }
}

std::optional<std::string> lock_holder(const std::filesystem::path& path) {
    const Descriptor descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (descriptor.get() < 0 || ::flock(descriptor.get(), LOCK_SH | LOCK_NB) == 0) {
        return std::nullopt;
    }
    return comment_in(descriptor.get());
}

}  // namespace isinfetch
