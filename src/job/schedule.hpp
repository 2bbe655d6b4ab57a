// Should a source be asked now? Pure decisions on its stored state and the clock.
#pragma once

#include "store/state.hpp"

#include <chrono>

namespace isinfetch {

/// True when `every` has passed since the last success, and when there was none. A last success in
/// the future (the clock was set back) counts as none.
bool is_due(const SourceState& state, std::chrono::seconds every, Timestamp now) noexcept;

/// True while the publisher wants to be left alone; a wait of more than seven days is ignored.
bool is_cooling_down(const SourceState& state, Timestamp now) noexcept;

}  // namespace isinfetch
