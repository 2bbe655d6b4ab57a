// Should a source be asked now? Pure decisions on its stored state and the clock.
#pragma once

#include "config/config.hpp"
#include "store/state.hpp"

#include <chrono>

namespace isinfetch {

/// The newest moment, not after `time`, at which the day's list was to be there: the clocks of the
/// zone struck `not_before`. A time of day that they skip strikes at the end of the gap, one that
/// they show twice the first time. REQUIRES cadence.not_before.
Timestamp last_strike(const Cadence& cadence, Timestamp time);

/// Is a list with a time of publication asked for again on the same day? `every` of half a day and
/// less means so. A longer one, 20h being the default, does not: a list of 00:30 would be asked for
/// a second time each evening.
bool is_asked_during_day(std::chrono::seconds every) noexcept;

/// True when a new list may be there. While a part of a publication is waited for, always: it may
/// come any time. Without not_before: when `every` has passed since the last
/// success. With it: when a strike came after the last success, and so many since that `every`,
/// counted in whole days, has passed (an hour less makes up for summer time); with a short `every`
/// also when it has passed and the day's strike is over. A strike that nobody was there for is made
/// up for at whatever hour. In any case: when there was no success yet, or one in the future (the
/// clock was set back). Throws Error{config} when the zone is unknown to this machine.
bool is_due(const SourceState& state, const Cadence& cadence, Timestamp now);

/// The first moment at which `every` and `not_before` make a source due, whether it has passed or
/// not; none: at once, because there was no success, or one after `now`. Throws as is_due().
std::optional<Timestamp> next_due(const SourceState& state, const Cadence& cadence, Timestamp now);

/// The first moment, not before `now`, at which a run asks: when it is due and the publisher does
/// not want to be left alone. Throws as is_due().
Timestamp next_attempt(const SourceState& state, const Cadence& cadence, Timestamp now);

/// True while the publisher wants to be left alone; a wait of more than seven days is ignored.
bool is_cooling_down(const SourceState& state, Timestamp now) noexcept;

}  // namespace isinfetch
