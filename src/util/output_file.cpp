#include "util/output_file.hpp"

#include "util/error.hpp"
#include "util/interrupt.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <system_error>
#include <thread>

namespace isinfetch {

namespace {

namespace fs = std::filesystem;

constexpr int kMostLinks = 40;  // as many as the kernel follows

/// The number in "/dev/fd/3" and what else leads to a descriptor of this process. Known by name:
/// opened anew, a file would be written from its beginning, and a socket not at all.
std::optional<int> named_descriptor(const fs::path& path) {
    const std::string& text = path.native();
    const std::string own = fmt::format("/proc/{}/fd/", ::getpid());
    for (const std::string_view folder : {std::string_view("/dev/fd/"),
                                          std::string_view("/proc/self/fd/"),
                                          std::string_view(own)}) {
        int number = -1;
        const char* const end = text.data() + text.size();
        if (text.starts_with(folder) && text.size() > folder.size()) {
            const auto [stop, failure] = std::from_chars(text.data() + folder.size(), end, number);
            return failure == std::errc{} && stop == end ? std::optional(number) : std::nullopt;
        }
    }
    constexpr std::array<std::string_view, 3> kNames{"/dev/stdin", "/dev/stdout", "/dev/stderr"};
    for (std::size_t number = 0; number < kNames.size(); ++number) {
        if (text == kNames[number]) {
            return static_cast<int>(number);
        }
    }
    return std::nullopt;
}

/// What a link says, seen from its folder; none when it is no link.
std::optional<fs::path> target_of(const fs::path& path) {
    std::error_code failure;
    const fs::path target = fs::read_symlink(path, failure);
    return failure ? std::nullopt : std::optional(path.parent_path() / target);
}

OutputPlace look_at(const fs::path& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) {
        if (errno != ENOENT) {
            fail_errno(errno, path.native(), ErrorKind::cannot_create);
        }
        return {.kind = OutputPlace::Kind::absent, .path = path};
    }
    if (S_ISDIR(status.st_mode)) {
        fail(ErrorKind::cannot_create, "{}: is a folder: name a file", path.native());
    }
    return {.kind = S_ISREG(status.st_mode) ? OutputPlace::Kind::file : OutputPlace::Kind::stream,
            .path = path};
}

int open_descriptor(const OutputPlace& place) {
    const int copy = ::fcntl(*place.descriptor, F_DUPFD_CLOEXEC, 0);
    if (copy < 0) {
        fail_errno(errno, place.path.native(), ErrorKind::cannot_create);
    }
    return copy;
}

/// A FIFO that nobody reads yet is asked again and again: a blocking open() hears no signals.
int open_stream(const fs::path& path) {
    constexpr std::chrono::milliseconds kPollEvery{50};
    constexpr int kFlags = O_WRONLY | O_NOCTTY | O_CLOEXEC;
    int stream = ::open(path.c_str(), kFlags | O_NONBLOCK);
    while (stream < 0 && (errno == ENXIO || errno == EINTR) && fs::is_fifo(path)) {
        stop_if_interrupted();
        std::this_thread::sleep_for(kPollEvery);
        stream = ::open(path.c_str(), kFlags | O_NONBLOCK);
    }
    if (stream < 0) {
        fail_errno(errno, path.native(), ErrorKind::cannot_create);
    }
    static_cast<void>(::fcntl(stream, F_SETFL, ::fcntl(stream, F_GETFL) & ~O_NONBLOCK));
    return stream;
}

}  // namespace

OutputPlace find_output(const fs::path& named) {
    const fs::path whole = named.has_parent_path() ? named : "." / named;
    std::optional<fs::path> next = whole;
    fs::path path;
    for (int links = 0; next && links < kMostLinks; ++links) {
        path = *next;
        if (const auto descriptor = named_descriptor(path.lexically_normal())) {
            return {.kind = OutputPlace::Kind::stream, .path = named, .descriptor = descriptor};
        }
        next = target_of(path);
    }
    // Links below /proc lead to what has no path.
    const OutputPlace found = look_at(whole);
    return found.kind == OutputPlace::Kind::stream ? found : look_at(path);
}

OutputFile::OutputFile(const OutputPlace& place)
    : path_(place.path), is_new_(place.kind == OutputPlace::Kind::absent) {
    if (place.kind != OutputPlace::Kind::stream) {
        file_.emplace(place.path);
        return;
    }
    stream_ = Descriptor(place.descriptor ? open_descriptor(place) : open_stream(place.path));
}

void OutputFile::write(std::string_view bytes) {
    if (file_) {
        file_->write(bytes);
    } else {
        write_all(stream_.get(), bytes, path_);
    }
}

void OutputFile::commit(mode_t mode) {
    if (!file_) {
        return;
    }
    if (is_new_) {
        file_->commit(mode);
    } else {
        file_->commit_as_before(AtomicFile::Owner::may_change);
    }
}

}  // namespace isinfetch
