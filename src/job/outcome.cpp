#include "job/outcome.hpp"

namespace isinfetch {

void apply_outcome(SourceState& state, const SourceReport& report, Timestamp now) {
    switch (report.status) {
        case SourceStatus::current:
        case SourceStatus::cooldown:
            return;
        case SourceStatus::updated:
            state.last_change = now;
            [[fallthrough]];
        case SourceStatus::unchanged:
            state.last_success = now;
            state.failures = 0;
            state.last_error.clear();
            break;
        case SourceStatus::refused:
        case SourceStatus::failed:
            ++state.failures;
            state.last_error = report.error ? report.error->what() : "";
            break;
    }
    state.last_attempt = now;
    state.cooldown_until = report.cooldown_until;
}

}  // namespace isinfetch
