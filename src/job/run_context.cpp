#include "job/run_context.hpp"

#include "util/interrupt.hpp"

namespace isinfetch {

namespace {

constexpr int kTries = 10;
constexpr std::chrono::seconds kPause{1};

/// False when it may succeed another time.
bool try_once(const std::function<void()>& action) {
    try {
        action();
        return true;
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::temporary) {
            throw;
        }
    }
    return false;
}

}  // namespace

void insist(const Environment& environment, const std::function<void()>& action) {
    const int tries = environment.lease.count() > 0 ? kTries : 1;
    for (int left = tries; left > 1; --left) {
        if (try_once(action)) {
            return;
        }
        environment.sleep(kPause);
    }
    action();
}

void check_time(const RunContext& context) {
    stop_if_interrupted();
    if (context.deadline && context.environment.now() >= *context.deadline) {
        fail(ErrorKind::temporary, "deadline: the run took too long");
    }
}

}  // namespace isinfetch
