#include "util/process.hpp"

#include "util/file.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>

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

/// Starts it with its output in `pipe`; -1 when it cannot be started.
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
    return failure == 0 ? child : -1;
}

/// Reads until the end; false when the time is up first or there is too much.
bool read_all(int pipe, steady_clock::time_point end, std::string& text) {
    std::array<char, 4096> buffer{};
    while (text.size() < kMostOutput) {
        const auto rest = std::chrono::duration_cast<milliseconds>(end - steady_clock::now());
        pollfd waiting{.fd = pipe, .events = POLLIN, .revents = 0};
        if (rest.count() <= 0 || ::poll(&waiting, 1, static_cast<int>(rest.count())) <= 0) {
            return false;
        }
        const ssize_t count = ::read(pipe, buffer.data(), buffer.size());
        if (count <= 0) {
            return count == 0;
        }
        text.append(buffer.data(), static_cast<std::size_t>(count));
    }
    return false;
}

}  // namespace

std::optional<std::string> output_of(const std::vector<std::string>& command,
                                     std::chrono::milliseconds patience) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        return std::nullopt;
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
    std::string text;
    const bool complete = read_all(reading.get(), steady_clock::now() + patience, text);
    if (!complete) {
        ::kill(child, SIGKILL);
    }
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    const bool good = complete && WIFEXITED(status) && WEXITSTATUS(status) == 0;
    return good ? std::optional(text) : std::nullopt;
}

}  // namespace isinfetch
