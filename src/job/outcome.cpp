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
    // Who ends a run says nothing about the publisher or the list.
    if (report.error && report.error->kind() == ErrorKind::interrupted) {
        state.last_attempt = now;
        return;
    }
    const bool in_vain =
        report.status == SourceStatus::refused || report.status == SourceStatus::failed;
    // An old address may have answered although the new one could not be found: no success.
    if (in_vain || report.error) {
        ++state.failures;
        state.failing_since = state.failing_since ? state.failing_since : now;
        state.last_error = report.error ? report.error->what() : "";
    } else {
        state.last_success = now;
        state.failures = 0;
        state.failing_since.reset();
        state.last_error.clear();
    }
    state.last_attempt = now;
    state.last_status = name(report.status);
    state.cooldown_until = report.cooldown_until;
}

}  // namespace isinfetch
