#include "util/process.hpp"

#include "util/error.hpp"
#include "util/file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <span>
#include <thread>

namespace isinfetch {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t kMostOutput = std::size_t{1} << 20U;

struct Actions {
    posix_spawn_file_actions_t value{};

    Actions() { posix_spawn_file_actions_init(&value); }
    Actions(const Actions&) = delete;
    Actions& operator=(const Actions&) = delete;
    ~Actions() { posix_spawn_file_actions_destroy(&value); }
};

/// Is it the system that is short of something, rather than the program that is not there?
bool is_refusal(int failure) noexcept {
    return failure == EAGAIN || failure == ENOMEM || failure == EMFILE || failure == ENFILE;
}

/// Starts it with its output in `pipe`; -1 when there is no such program.
pid_t start(const std::vector<std::string>& command, int pipe) {
    std::vector<char*> arguments;
    arguments.reserve(command.size() + 1);
    for (const std::string& argument : command) {
        // posix_spawn() promises not to change what it is given (POSIX.1-2017, RATIONALE of exec).
        arguments.push_back(const_cast<char*>(argument.c_str()));
    }
    arguments.push_back(nullptr);
    const Actions actions;
    auto* const list = const_cast<posix_spawn_file_actions_t*>(&actions.value);
    posix_spawn_file_actions_addopen(list, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(list, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(list, pipe, STDOUT_FILENO);
    pid_t child = -1;
    const int failure =
        posix_spawnp(&child, arguments.front(), list, nullptr, arguments.data(), environ);
    if (is_refusal(failure)) {
        fail_errno(failure, fmt::format("{}: cannot be started", command.front()), ErrorKind::os);
    }
    return failure == 0 ? child : -1;
}

/// Waits for bytes; gives 0 at the end, -1 when the time is up first or they cannot be read.
ssize_t read_some(int pipe, steady_clock::time_point end, std::span<char> buffer) {
    while (true) {
        const auto rest = std::chrono::duration_cast<milliseconds>(end - steady_clock::now());
        pollfd waiting{.fd = pipe, .events = POLLIN, .revents = 0};
        const int ready =
            rest.count() <= 0 ? 0 : ::poll(&waiting, 1, static_cast<int>(rest.count()));
        if (ready == 0) {
            return -1;
        }
        const ssize_t count = ready < 0 ? -1 : ::read(pipe, buffer.data(), buffer.size());
        if (count >= 0 || errno != EINTR) {
            return count;
        }
    }
}

/// Reads until the end; false when the time is up first or there is too much.
bool read_all(int pipe, steady_clock::time_point end, std::string& text) {
    std::array<char, 4096> buffer{};
    while (text.size() < kMostOutput) {
        const ssize_t count = read_some(pipe, end, buffer);
        if (count <= 0) {
            return count == 0;
        }
        text.append(buffer.data(), static_cast<std::size_t>(count));
    }
    return false;
}

/// Waits for its end, which may come long after the end of its output; false when the time is up
/// first.
bool wait_until(steady_clock::time_point end, pid_t child, int& status) {
    constexpr milliseconds kPollEvery{5};
    while (true) {
        const pid_t ended = ::waitpid(child, &status, WNOHANG);
        if (ended != 0 && (ended > 0 || errno != EINTR)) {
            return ended == child;
        }
        if (steady_clock::now() >= end) {
            return false;
        }
        std::this_thread::sleep_for(kPollEvery);
    }
}

}  // namespace

std::optional<std::string> output_of(const std::vector<std::string>& command,
                                     std::chrono::milliseconds patience) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        fail_errno(errno, fmt::format("{}: no pipe", command.front()), ErrorKind::os);
    }
    const Descriptor reading(ends[0]);
    pid_t child = -1;
    {
        const Descriptor writing(ends[1]);
        child = start(command, writing.get());
    }
    if (child < 0) {
        return std::nullopt;
    }
    const auto end = steady_clock::now() + patience;
    std::string text;
    int status = 0;
    const bool complete = read_all(reading.get(), end, text) && wait_until(end, child, status);
    if (!complete) {
        ::kill(child, SIGKILL);
        while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
        }
    }
    const bool good = complete && WIFEXITED(status) && WEXITSTATUS(status) == 0;
    return good ? std::optional(text) : std::nullopt;
}

void prepare_process() noexcept {
    constexpr mode_t kNobodyElseWrites = 022;
    ::umask(kNobodyElseWrites);
    ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    // Contrary ways: what was closed stays useless, but cannot become somebody else's file.
    constexpr std::array kModes{O_WRONLY, O_RDONLY, O_RDONLY};
    for (int descriptor = 0; descriptor < static_cast<int>(kModes.size()); ++descriptor) {
        if (::fcntl(descriptor, F_GETFD) >= 0) {
            continue;
        }
        int opened = ::open("/dev/null", kModes[static_cast<std::size_t>(descriptor)]);
        if (opened < 0) {
            opened = ::open("/", O_RDONLY | O_DIRECTORY);
        }
        if (opened != descriptor) {
            ::_exit(static_cast<int>(ExitCode::os_error));
        }
    }
    static_cast<void>(::signal(SIGXFSZ, SIG_IGN));
}

}  // namespace isinfetch
