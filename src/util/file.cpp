#include "util/file.hpp"

#include "util/error.hpp"
#include "util/wait.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <system_error>

namespace isinfetch {

namespace {

constexpr mode_t kFolderMode = 0755;
constexpr mode_t kPrivateMode = 0600;

/// Calls again what a signal interrupted.
template <class Call>
auto uninterrupted(Call call) {
    auto result = call();
    while (result < 0 && errno == EINTR) {
        result = call();
    }
    return result;
}

/// A FIFO without a writer would keep open() for ever, and a lock of another program (F_SETLEASE)
/// keeps one that will not wait out.
Descriptor open_for_reading(const std::filesystem::path& path) {
    constexpr int kFlags = O_RDONLY | O_CLOEXEC;
    Descriptor descriptor(uninterrupted([&] { return ::open(path.c_str(), kFlags | O_NONBLOCK); }));
    if (descriptor.get() < 0 && errno == EWOULDBLOCK) {
        descriptor = Descriptor(uninterrupted([&] { return ::open(path.c_str(), kFlags); }));
    }
    if (descriptor.get() < 0) {
        fail_errno(errno, path.native(), ErrorKind::gone);
    }
    return descriptor;
}

bool is_regular(int descriptor) {
    struct stat status {};
    return ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
}

/// One folder of which the parent is there; somebody else may make it at the same time.
void make_directory(const std::filesystem::path& directory) {
    if (::mkdir(directory.c_str(), kFolderMode) != 0) {
        const int failure = errno;
        std::error_code ignored;
        if (!std::filesystem::is_directory(directory, ignored)) {
            fail_errno(failure == EEXIST ? ENOTDIR : failure,
                       directory.native(),
                       ErrorKind::cannot_create);
        }
        return;
    }
    const Descriptor made(
        ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    struct stat status {};
    constexpr mode_t kRights = 0777;
    if (made.get() >= 0 && ::fstat(made.get(), &status) == 0 &&
        (status.st_mode & kRights) != kFolderMode) {
        static_cast<void>(::fchmod(made.get(), kFolderMode));  // the umask took some away
    }
    sync_name(directory);
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
    : path_(path),
      descriptor_(open_for_reading(path)),
      has_to_wait_(!is_regular(descriptor_.get())) {
    if (begin > 0) {
        go_to(begin);
    }
}

// What no file can hold lies behind its end too.
void FileSource::go_to(std::uint64_t place) {
    constexpr std::uint64_t kEnd = std::uint64_t{1} << 62U;
    const auto offset = static_cast<off_t>(std::min(place, kEnd));
    if (::lseek(descriptor_.get(), offset, SEEK_SET) < 0) {
        fail_errno(errno, path_.native(), ErrorKind::io);
    }
}

std::size_t FileSource::read(std::span<char> buffer) {
    std::size_t count = 0;
    while (count < buffer.size()) {
        const ssize_t got = read_some(buffer.subspan(count));
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

ssize_t FileSource::read_some(std::span<char> buffer) {
    return has_to_wait_ ? read_when_there(descriptor_.get(), buffer, path_.native())
                        : ::read(descriptor_.get(), buffer.data(), buffer.size());
}

// First the wait: a FIFO that nobody has opened to write yet looks as if it had ended.
ssize_t read_when_there(int descriptor, std::span<char> buffer, const std::string& name) {
    Wait wait(name + ": waiting for whoever writes it");
    while (true) {
        wait.until_ready(descriptor, POLLIN);
        const ssize_t got = ::read(descriptor, buffer.data(), buffer.size());
        if (got >= 0 || (errno != EAGAIN && errno != EINTR)) {
            return got;
        }
    }
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

void write_all(int descriptor, std::string_view bytes, const std::filesystem::path& path) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno == EAGAIN) {
            pollfd full{.fd = descriptor, .events = POLLOUT, .revents = 0};
            static_cast<void>(::poll(&full, 1, -1));
        } else if (written < 0 && errno != EINTR) {
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

// NOLINTNEXTLINE(misc-no-recursion): as deep as the path
void make_directories(const std::filesystem::path& directory) {
    std::error_code ignored;
    if (directory.empty() || std::filesystem::is_directory(directory, ignored)) {
        return;
    }
    if (directory.has_parent_path() && directory.has_relative_path()) {
        make_directories(directory.parent_path());
    }
    if (directory.has_filename()) {
        make_directory(directory);
    }
}

void sync_file(int descriptor, const std::filesystem::path& path) {
    if (uninterrupted([&] { return ::fsync(descriptor); }) != 0 && errno != EINVAL &&
        errno != ENOTSUP) {
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

void sync_name(const std::filesystem::path& path) {
    const auto parent = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
    const Descriptor folder(::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder.get() >= 0) {
        sync_file(folder.get(), parent);
    } else if (errno != EACCES) {
        fail_errno(errno, parent.native(), ErrorKind::io);
    }
}

}  // namespace isinfetch
