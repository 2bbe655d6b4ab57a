// The one way to wait: for locks, answers, other hosts, moments. Every wait hears signals at once,
// knows when the run must end, and says on a terminal what it is for.
#pragma once

#include <atomic>
#include <chrono>
#include <optional>
#include <string>

namespace isinfetch {

using SteadyTime = std::chrono::steady_clock::time_point;

/// What a wait is good for once the run is to end.
enum class WaitPurpose {
    work,   ///< for nothing: it ends at once
    store,  ///< answers of the store: the end of the run is recorded there
};

/// What may end a wait.
struct WaitBounds {
    SteadyTime begun{};
    SteadyTime own_end = SteadyTime::max();
    std::optional<SteadyTime> signalled{};
    std::optional<SteadyTime> deadline{};
    WaitPurpose purpose = WaitPurpose::work;
};

enum class WaitCause { own_end, signal, deadline };

struct WaitEnd {
    SteadyTime when{};
    WaitCause cause = WaitCause::own_end;
};

/// When a wait ends at last, and why. Pure. A wait for the store that is under way when a signal
/// comes has a moment left; those that begin later, to record the end of the run, have together a
/// second and a half after the signal. After the deadline each has a few seconds.
WaitEnd end_of_wait(const WaitBounds& bounds) noexcept;

/// The end of the whole run, for every wait of this process as long as the object lives.
class RunDeadline {
public:
    /// So long from now; none: for ever.
    explicit RunDeadline(std::optional<std::chrono::milliseconds> time);
    RunDeadline(const RunDeadline&) = delete;
    RunDeadline& operator=(const RunDeadline&) = delete;
    ~RunDeadline();
};

/// Ends the waits of one thread, from any other.
class WaitStop {
public:
    /// Throws Error{os} when the system has no descriptor left.
    WaitStop();
    WaitStop(const WaitStop&) = delete;
    WaitStop& operator=(const WaitStop&) = delete;
    ~WaitStop();

    /// For good.
    void ring() noexcept;

private:
    friend class StoppedBy;
    friend class Wait;

    int descriptor_;
    std::atomic<bool> is_rung_{false};
};

/// As long as it lives, all waits of the thread that made it end with Error{temporary} once `stop`
/// was rung, which must outlive it.
class StoppedBy {
public:
    explicit StoppedBy(const WaitStop& stop) noexcept;
    StoppedBy(const StoppedBy&) = delete;
    StoppedBy& operator=(const StoppedBy&) = delete;
    ~StoppedBy();
};

class Wait {
public:
    static constexpr auto kForEver = std::chrono::milliseconds::max();

    /// `what` is said on a terminal once the wait takes longer than a moment: "mine: waiting for
    /// another run (pid 7)"; empty: never.
    explicit Wait(std::string what,
                  std::chrono::milliseconds patience = kForEver,
                  WaitPurpose purpose = WaitPurpose::work);

    /// Sleeps so long, or for the rest of the patience; false when there was none left. Throws
    /// Error{interrupted} after a signal and Error{temporary} past the deadline.
    bool nap(std::chrono::milliseconds time);

    /// Waits until the descriptor is ready for `events` (poll(2)), or has an error; false when the
    /// patience is over first. Throws as nap().
    bool until_ready(int descriptor, short events);

private:
    bool wait(SteadyTime until, int descriptor, short events);
    WaitEnd end_by(SteadyTime until) const;
    SteadyTime next_word() const;
    void say(SteadyTime now);

    std::string what_;
    WaitBounds bounds_;
    bool is_said_ = false;
};

/// Sleeps so long. Throws as Wait::nap().
void sleep_for(std::chrono::milliseconds time);

}  // namespace isinfetch
