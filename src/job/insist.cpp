#include "job/insist.hpp"

#include "util/error.hpp"
#include "util/log.hpp"

namespace isinfetch {

namespace {

constexpr int kTries = 10;
constexpr std::chrono::seconds kPause{1};
constexpr std::chrono::seconds kEnough{30};  // for locks that nobody lets go of

/// False when it may succeed another time.
bool try_once(const std::function<void()>& action) {
    try {
        action();
        return true;
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::temporary) {
            throw;
        }
        log(LogLevel::debug, "tried again: {}", error.what());
    }
    return false;
}

}  // namespace

void insist(bool is_shared, const Sleep& sleep, const std::function<void()>& action) {
    using Clock = std::chrono::steady_clock;
    const auto end = Clock::now() + kEnough;
    for (int left = is_shared ? kTries : 1; left > 1 && Clock::now() < end; --left) {
        if (try_once(action)) {
            return;
        }
        sleep(kPause);
    }
    action();
}

}  // namespace isinfetch
