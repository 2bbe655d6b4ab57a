#include "job/run_context.hpp"

#include "util/interrupt.hpp"

namespace isinfetch {

void insist(const Environment& environment, const std::function<void()>& action) {
    insist(environment.lease.count() > 0, environment.sleep, action);
}

void check_time(const RunContext& context) {
    stop_if_interrupted();
    if (context.deadline && context.environment.now() >= *context.deadline) {
        fail(ErrorKind::temporary, "deadline: the run took too long");
    }
}

}  // namespace isinfetch
