// What a source's run leaves behind for the next one. Pure.
#pragma once

#include "core/report.hpp"
#include "store/state.hpp"
#include "util/time.hpp"

namespace isinfetch {

/// Brings the times, the count of failures and the cool-down of `state` up to date with `report`.
/// A source that was not asked (current, cooldown) leaves its state as it was; a run that a signal
/// ended leaves but the time of its attempt.
void apply_outcome(SourceState& state, const SourceReport& report, Timestamp now);

}  // namespace isinfetch
