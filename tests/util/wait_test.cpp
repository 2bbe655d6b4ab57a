#include "util/wait.hpp"

#include "support/catch.hpp"
#include "util/error.hpp"
#include "util/file.hpp"
#include "util/interrupt.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <future>
#include <optional>
#include <string>
#include <thread>

using namespace isinfetch;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

namespace {

SteadyTime at(int time) {
    return SteadyTime(milliseconds(time));
}

/// In a process of its own: a signal that came is never forgotten.
int status_of(int (*action)()) {
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        watch_signals();
        ::_exit(action());
    }
    int status = -1;
    CHECK(::waitpid(child, &status, 0) == child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/// The kind of error that the action throws; internal when it throws none.
template <class Action>
ErrorKind kind_of_failure(const Action& action) {
    try {
        action();
    } catch (const Error& error) {
        return error.kind();
    }
    return ErrorKind::internal;
}

struct Pipe {
    Pipe() {
        std::array<int, 2> ends{};
        REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0);
        reading = Descriptor(ends[0]);
        writing = Descriptor(ends[1]);
    }
    Descriptor reading{};
    Descriptor writing{};
};

}  // namespace

TEST_CASE("a wait ends by whatever comes first", "[wait]") {
    constexpr auto kWork = WaitPurpose::work;
    constexpr auto kStore = WaitPurpose::store;
    constexpr int kNever = -1;
    struct Row {
        const char* why;
        WaitPurpose purpose;
        int own_end;
        int signalled;
        int deadline;
        int end;
        WaitCause cause;
    };
    // All began at 10,000 ms.
    // clang-format off
    const auto row = GENERATE(values<Row>({
        {"its own patience",            kWork,  12000, kNever, kNever, 12000, WaitCause::own_end},
        {"a signal ends it at once",    kWork,  12000, 11000,  kNever, 11000, WaitCause::signal},
        {"nothing begins after one",    kWork,  12000, 9000,   kNever, 9000,  WaitCause::signal},
        {"one that comes too late",     kWork,  12000, 13000,  kNever, 12000, WaitCause::own_end},
        {"the deadline of the run",     kWork,  12000, kNever, 11000,  11000, WaitCause::deadline},
        {"it was past before",          kWork,  12000, kNever, 9000,   9000,  WaitCause::deadline},
        {"a signal before it",          kWork,  12000, 10500,  11000,  10500, WaitCause::signal},
        {"a signal behind it",          kWork,  12000, 11500,  11000,  11000, WaitCause::deadline},
        {"an answer under way",         kStore, 99000, 11000,  kNever, 11300, WaitCause::signal},
        {"an answer to a last word",    kStore, 99000, 9000,   kNever, 10500, WaitCause::signal},
        {"too late for a last word",    kStore, 99000, 5000,   kNever, 6500,  WaitCause::signal},
        {"no more patience than usual", kStore, 10100, 9000,   kNever, 10100, WaitCause::own_end},
        {"an answer at the deadline",   kStore, 99000, kNever, 11000,  16000, WaitCause::deadline},
        {"an answer after it",          kStore, 99000, kNever, 9000,   15000, WaitCause::deadline},
        {"a signal after the deadline", kStore, 99000, 9500,   9000,   11000, WaitCause::signal},
    }));
    // clang-format on
    CAPTURE(row.why);
    WaitBounds bounds{.begun = at(10000), .own_end = at(row.own_end), .purpose = row.purpose};
    if (row.signalled != kNever) {
        bounds.signalled = at(row.signalled);
    }
    if (row.deadline != kNever) {
        bounds.deadline = at(row.deadline);
    }
    const WaitEnd end = end_of_wait(bounds);
    CHECK(end.when == at(row.end));
    CHECK(end.cause == row.cause);
}

TEST_CASE("a wait without an end of its own has none", "[wait]") {
    CHECK(end_of_wait({}).when == SteadyTime::max());
}

TEST_CASE("naps use up the patience", "[wait]") {
    Wait wait("", milliseconds{30});
    CHECK(wait.nap(milliseconds{1}));
    CHECK(wait.nap(seconds{60}));
    CHECK_FALSE(wait.nap(milliseconds{1}));
}

TEST_CASE("a wait for a descriptor ends when it is ready, or with the patience", "[wait]") {
    const Pipe pipe;
    CHECK_FALSE(Wait("", milliseconds{10}).until_ready(pipe.reading.get(), POLLIN));
    CHECK(::write(pipe.writing.get(), "x", 1) == 1);
    CHECK(Wait("", seconds{60}).until_ready(pipe.reading.get(), POLLIN));
    Wait over("", milliseconds{0});
    CHECK(over.until_ready(pipe.reading.get(), POLLIN));  // the answer is there all the same
}

TEST_CASE("the deadline of the run ends every wait, and is forgotten with it", "[wait]") {
    {
        const RunDeadline deadline(milliseconds{20});
        CHECK(kind_of_failure([] { sleep_for(seconds{60}); }) == ErrorKind::temporary);
        CHECK(kind_of_failure([] { Wait("").nap(seconds{60}); }) == ErrorKind::temporary);
    }
    CHECK(Wait("").nap(milliseconds{1}));
    const RunDeadline none(std::nullopt);
    CHECK(Wait("").nap(milliseconds{1}));
}

TEST_CASE("a signal ends a wait that is under way", "[wait]") {
    CHECK(status_of([] {
              ::alarm(60);  // should it fail
              struct sigaction action {};
              action.sa_handler = [](int) { ::raise(SIGTERM); };
              ::sigaction(SIGUSR1, &action, nullptr);
              const pid_t waiting = ::getpid();
              if (::fork() == 0) {
                  ::usleep(100'000);
                  ::kill(waiting, SIGUSR1);
                  ::_exit(0);
              }
              const auto kind = kind_of_failure([] { sleep_for(seconds{50}); });
              return static_cast<int>(exit_code(kind));
          }) == 143);
}

TEST_CASE("every signal that is heard has its own exit status", "[wait]") {
    CHECK(status_of([] {
              ::raise(SIGINT);
              return static_cast<int>(exit_code(kind_of_failure(stop_if_interrupted)));
          }) == 130);
    CHECK(status_of([] {
              ::raise(SIGHUP);
              return static_cast<int>(exit_code(kind_of_failure(stop_if_interrupted)));
          }) == 129);
    CHECK(status_of([] {
              ::raise(SIGTERM);
              return static_cast<int>(exit_code(kind_of_failure(stop_if_interrupted)));
          }) == 143);
}

TEST_CASE("the second SIGINT kills, others may come twice", "[wait]") {
    CHECK(status_of([] {
              ::raise(SIGTERM);
              ::raise(SIGTERM);
              ::raise(SIGINT);
              return static_cast<int>(exit_code(ErrorKind::interrupted));
          }) == 143);
    CHECK(status_of([] {
              ::raise(SIGINT);
              ::raise(SIGINT);
              return 0;
          }) == 130);
}

TEST_CASE("after a signal the store may still be told, and nothing else waits", "[wait]") {
    CHECK(status_of([] {
              ::raise(SIGTERM);
              Wait recording("", Wait::kForEver, WaitPurpose::store);
              const bool may_wait = recording.nap(milliseconds{10});
              const bool ends =
                  kind_of_failure([] { Wait("").nap(seconds{60}); }) == ErrorKind::interrupted;
              return may_wait && ends ? 0 : 1;
          }) == 0);
}

TEST_CASE("whoever no longer needs a wait of another thread ends it", "[wait]") {
    WaitStop stop;
    std::promise<void> is_begun;
    std::optional<ErrorKind> ended;
    std::thread waiting([&] {
        const StoppedBy stopped(stop);
        is_begun.set_value();
        ended = kind_of_failure(
            [] { Wait("", Wait::kForEver, WaitPurpose::store).nap(seconds{86'400}); });
    });
    is_begun.get_future().wait();
    stop.ring();
    waiting.join();
    CHECK(ended == ErrorKind::temporary);
    // Other threads go on waiting, and so does this one afterwards.
    CHECK(Wait("").nap(milliseconds{1}));
    {
        const StoppedBy stopped(stop);
        CHECK(kind_of_failure([] { Wait("").nap(seconds{86'400}); }) == ErrorKind::temporary);
    }
    CHECK(Wait("").nap(milliseconds{1}));
}
