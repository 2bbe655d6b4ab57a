#include "util/wait.hpp"

#include "util/error.hpp"
#include "util/interrupt.hpp"
#include "util/log.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <utility>

namespace isinfetch {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// A server that answers at all does so within the first. Both together leave half of the two
// seconds in which a signal ends a run to everything else.
constexpr milliseconds kLastAnswer{300};
constexpr milliseconds kRecording{1500};

constexpr milliseconds kPastDeadline{5000};
constexpr milliseconds kQuiet{1000};           // a shorter wait is not worth a word
constexpr milliseconds kLongestPoll{1 << 30};  // poll() takes an int

constexpr auto kNoDeadline = SteadyTime::max().time_since_epoch().count();

std::atomic<SteadyTime::rep> run_deadline{kNoDeadline};

thread_local const WaitStop* stop_of_thread = nullptr;

std::optional<SteadyTime> deadline_now() noexcept {
    const SteadyTime::rep count = run_deadline;
    return count == kNoDeadline ? std::nullopt
                                : std::optional(SteadyTime(SteadyTime::duration(count)));
}

/// Without an overflow, however long.
SteadyTime after(SteadyTime time, milliseconds more) noexcept {
    return more > std::chrono::duration_cast<milliseconds>(SteadyTime::max() - time)
               ? SteadyTime::max()
               : time + more;
}

SteadyTime end_after_signal(const WaitBounds& bounds, SteadyTime signalled) noexcept {
    if (bounds.purpose == WaitPurpose::work) {
        return signalled;
    }
    return signalled + (bounds.begun < signalled ? kLastAnswer : kRecording);
}

SteadyTime end_after_deadline(const WaitBounds& bounds, SteadyTime deadline) noexcept {
    return bounds.purpose == WaitPurpose::work ? deadline
                                               : std::max(bounds.begun, deadline) + kPastDeadline;
}

/// Throws when the run must end; false when only the patience is over.
bool has_time(const WaitEnd& end, SteadyTime now) {
    if (now < end.when) {
        return true;
    }
    switch (end.cause) {
        case WaitCause::signal:
            stop_if_interrupted();
            break;
        case WaitCause::deadline:
            fail(ErrorKind::temporary, "deadline: the run took too long");
        case WaitCause::own_end:
            break;
    }
    return false;
}

/// Until a time, or until a signal comes or `stop` is rung.
bool is_ready(int descriptor, short events, SteadyTime until, int stop) {
    const auto left = std::clamp<SteadyTime::duration>(
        until - steady_clock::now(), SteadyTime::duration::zero(), kLongestPoll);
    // A bell that has rung once rings for ever.
    const int bell = interrupting_signal() == 0 ? signal_descriptor() : -1;
    std::array<pollfd, 3> watched{{{.fd = descriptor, .events = events, .revents = 0},
                                   {.fd = bell, .events = POLLIN, .revents = 0},
                                   {.fd = stop, .events = POLLIN, .revents = 0}}};
    const auto patience = static_cast<int>(std::chrono::ceil<milliseconds>(left).count());
    if (::poll(watched.data(), watched.size(), patience) < 0 && errno != EINTR) {
        fail_errno(errno, "poll", ErrorKind::os);
    }
    return watched[0].revents != 0;
}

}  // namespace

WaitEnd end_of_wait(const WaitBounds& bounds) noexcept {
    WaitEnd end{bounds.own_end, WaitCause::own_end};
    const auto bound = [&end](SteadyTime when, WaitCause cause) {
        if (when < end.when) {
            end = {when, cause};
        }
    };
    if (bounds.deadline) {
        bound(end_after_deadline(bounds, *bounds.deadline), WaitCause::deadline);
    }
    if (bounds.signalled) {
        bound(end_after_signal(bounds, *bounds.signalled), WaitCause::signal);
    }
    return end;
}

RunDeadline::RunDeadline(std::optional<milliseconds> time) {
    run_deadline =
        time ? after(steady_clock::now(), *time).time_since_epoch().count() : kNoDeadline;
}

RunDeadline::~RunDeadline() {
    run_deadline = kNoDeadline;
}

WaitStop::WaitStop() : descriptor_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (descriptor_ < 0) {
        fail_errno(errno, "eventfd", ErrorKind::os);
    }
}

WaitStop::~WaitStop() {
    ::close(descriptor_);
}

void WaitStop::ring() noexcept {
    is_rung_ = true;
    const std::uint64_t one = 1;
    static_cast<void>(::write(descriptor_, &one, sizeof one) < 0);
}

StoppedBy::StoppedBy(const WaitStop& stop) noexcept {
    stop_of_thread = &stop;
}

StoppedBy::~StoppedBy() {
    stop_of_thread = nullptr;
}

Wait::Wait(std::string what, milliseconds patience, WaitPurpose purpose)
    : what_(std::move(what)), bounds_{.begun = steady_clock::now(), .purpose = purpose} {
    bounds_.own_end = after(bounds_.begun, patience);
}

bool Wait::nap(milliseconds time) {
    const SteadyTime now = steady_clock::now();
    if (now >= bounds_.own_end) {
        return wait(now, -1, 0);
    }
    wait(std::min(after(now, time), bounds_.own_end), -1, 0);
    return true;
}

bool Wait::until_ready(int descriptor, short events) {
    return wait(bounds_.own_end, descriptor, events);
}

/// True when the descriptor is ready, false at the time `until`. The descriptor counts first: after
/// a sleep of the whole process an answer may long be there.
bool Wait::wait(SteadyTime until, int descriptor, short events) {
    const WaitStop* const stop = stop_of_thread;
    while (true) {
        const WaitEnd end = end_by(until);
        const int bell = stop != nullptr ? stop->descriptor_ : -1;
        if (is_ready(descriptor, events, std::min(end.when, next_word()), bell)) {
            return true;
        }
        if (stop != nullptr && stop->is_rung_) {
            fail(ErrorKind::temporary, "nobody waits for it any longer");
        }
        const SteadyTime now = steady_clock::now();
        say(now);
        if (!has_time(end, now)) {
            return false;
        }
    }
}

WaitEnd Wait::end_by(SteadyTime until) const {
    WaitBounds bounds = bounds_;
    bounds.own_end = until;
    bounds.signalled = interrupted_at();
    bounds.deadline = deadline_now();
    return end_of_wait(bounds);
}

SteadyTime Wait::next_word() const {
    return is_said_ || what_.empty() ? SteadyTime::max() : after(bounds_.begun, kQuiet);
}

void Wait::say(SteadyTime now) {
    if (now >= next_word()) {
        is_said_ = true;
        log_progress(what_);
    }
}

void sleep_for(milliseconds time) {
    Wait("").nap(time);
}

}  // namespace isinfetch
