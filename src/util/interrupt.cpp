#include "util/interrupt.hpp"

#include "util/error.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <string_view>

namespace isinfetch {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::array kSignals{SIGINT, SIGTERM, SIGHUP};
constexpr int kDiedOf = 128;  // as a shell has it, plus the signal

std::atomic<int> signal_seen{0};
std::atomic<Clock::rep> seen_at{0};
std::atomic<int> bell{-1};
static_assert(std::atomic<int>::is_always_lock_free);
static_assert(std::atomic<Clock::rep>::is_always_lock_free);

// Only what signal-safety(7) allows: steady_clock is clock_gettime().
extern "C" void mark_signal(int number) {
    const int errno_before = errno;
    Clock::rep never = 0;
    if (seen_at.compare_exchange_strong(never, Clock::now().time_since_epoch().count())) {
        signal_seen = number;
        const std::uint64_t one = 1;
        static_cast<void>(::write(bell, &one, sizeof one) < 0);
    } else if (number == SIGINT && signal_seen == SIGINT) {
        ::signal(SIGINT, SIG_DFL);
        ::raise(SIGINT);
        // Blocked within its own handler, and the first process of a container does not die of it.
        ::_exit(kDiedOf + SIGINT);
    }
    errno = errno_before;
}

extern "C" void die_of_signal(int number) {
    ::_exit(kDiedOf + number);
}

void handle(void (*handler)(int)) {
    for (const int number : kSignals) {
        struct sigaction action {};
        ::sigaction(number, nullptr, &action);
        const bool is_unwanted = number == SIGHUP && action.sa_handler == SIG_IGN;
        action = {};
        action.sa_handler = handler;  // no SA_RESTART: a call that blocks is to come back
        if (!is_unwanted) {
            ::sigaction(number, &action, nullptr);
        }
    }
}

std::string_view name_of(int number) noexcept {
    switch (number) {
        case SIGINT:
            return "SIGINT";
        case SIGHUP:
            return "SIGHUP";
        default:
            return "SIGTERM";
    }
}

}  // namespace

void watch_signals() {
    if (bell < 0) {
        bell = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    }
    if (bell < 0) {
        fail_errno(errno, "eventfd", ErrorKind::os);
    }
    handle(mark_signal);
    ::signal(SIGPIPE, SIG_IGN);
}

void let_signals_kill() {
    if (::getpid() == 1) {
        handle(die_of_signal);
    }
}

int interrupting_signal() noexcept {
    return signal_seen;
}

std::optional<Clock::time_point> interrupted_at() noexcept {
    if (signal_seen == 0) {
        return std::nullopt;
    }
    return Clock::time_point(Clock::duration(seen_at));
}

int signal_descriptor() noexcept {
    return bell;
}

void stop_if_interrupted() {
    if (const int number = interrupting_signal(); number != 0) {
        fail(ErrorKind::interrupted, "interrupted by {}", name_of(number));
    }
}

}  // namespace isinfetch
