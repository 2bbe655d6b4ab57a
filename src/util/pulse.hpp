// Whether work goes on, as somebody else sees it. Safe for several threads.
#pragma once

#include <atomic>
#include <chrono>

namespace isinfetch {

class Pulse {
public:
    using Clock = std::chrono::steady_clock;

    /// Something was done.
    void beat() noexcept { last_ = Clock::now().time_since_epoch().count(); }

    /// How long nothing was done; nothing while somebody rests.
    Clock::duration silence() const noexcept {
        return rests_ > 0 ? Clock::duration::zero()
                          : Clock::now().time_since_epoch() - Clock::duration(last_.load());
    }

    /// A wait that has limits of its own: it counts as work as long as the object lives.
    class Rest {
    public:
        explicit Rest(Pulse& pulse) noexcept : pulse_(pulse) { ++pulse_.rests_; }
        Rest(const Rest&) = delete;
        Rest& operator=(const Rest&) = delete;
        ~Rest() {
            pulse_.beat();
            --pulse_.rests_;
        }

    private:
        Pulse& pulse_;
    };

private:
    std::atomic<Clock::rep> last_{Clock::now().time_since_epoch().count()};
    std::atomic<int> rests_{0};
};

}  // namespace isinfetch
