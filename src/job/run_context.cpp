#include "job/run_context.hpp"

#include "fetch/url.hpp"
#include "util/interrupt.hpp"

namespace isinfetch {

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

void check_time(const RunContext& context) {
    stop_if_interrupted();
    if (context.deadline && context.environment.now() >= *context.deadline) {
        fail(ErrorKind::temporary, "deadline: the run took too long");
    }
}

}  // namespace isinfetch
