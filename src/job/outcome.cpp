#include "job/outcome.hpp"

namespace isinfetch {

void apply_outcome(SourceState& state, const SourceReport& report, Timestamp now) {
    switch (report.status) {
        case SourceStatus::current:
        case SourceStatus::cooldown:
            return;
        case SourceStatus::updated:
            state.last_change = now;
            break;
        case SourceStatus::unchanged:
        case SourceStatus::refused:
        case SourceStatus::failed:
            break;
    }
    const bool in_vain =
        report.status == SourceStatus::refused || report.status == SourceStatus::failed;
    // An old address may have answered although the new one could not be found: no success.
    if (in_vain || report.error) {
        ++state.failures;
        state.last_error = report.error ? report.error->what() : "";
    } else {
        state.last_success = now;
        state.failures = 0;
        state.last_error.clear();
    }
    state.last_attempt = now;
    state.cooldown_until = report.cooldown_until;
}

}  // namespace isinfetch
