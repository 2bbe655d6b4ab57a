#include "job/run_context.hpp"

#include "fetch/url.hpp"
#include "util/interrupt.hpp"

namespace isinfetch {

namespace {

constexpr int kTries = 10;
constexpr std::chrono::seconds kPause{1};

}  // namespace

std::unique_lock<std::mutex> HostGates::enter(const std::string& url) {
    std::mutex* gate = nullptr;
    {
        const std::lock_guard lock(guard_);
        auto& slot = gates_[parse_url(url).host];
        if (!slot) {
            slot = std::make_unique<std::mutex>();
        }
        gate = slot.get();
    }
    return std::unique_lock(*gate);
}

void insist(const Environment& environment, const std::function<void()>& action) {
    for (int left = environment.lease.count() > 0 ? kTries : 1; left > 0; --left) {
        try {
            action();
            return;
        } catch (const Error& error) {
            if (error.kind() != ErrorKind::temporary || left == 1) {
                throw;
            }
        }
        environment.sleep(kPause);
    }
}

void check_time(const RunContext& context) {
    stop_if_interrupted();
    if (context.deadline && context.environment.now() >= *context.deadline) {
        fail(ErrorKind::temporary, "deadline: the run took too long");
    }
}

}  // namespace isinfetch
