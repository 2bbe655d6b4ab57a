// When a scheduler should start runs. Pure: a cadence goes in, moments of the day in UTC come out.
// A run that finds nothing due costs milliseconds, so that there may be more moments than lists:
// they need not know about summer time, missed runs or failures, because is_due() does.
#pragma once

#include "config/config.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace isinfetch {

/// Moments of a day in UTC: minutes after midnight, ascending, each one once.
using Slots = std::vector<std::chrono::minutes>;

/// Between two runs of a source whose time of publication is unknown: six hours, and less than half
/// of an `every` under twelve. Divides a day; never less than five minutes.
std::chrono::minutes firing_step(std::chrono::seconds every) noexcept;

/// The moments at `shift` and every `step` after it. REQUIRES that `step` divides a day.
Slots regular_slots(std::chrono::minutes step, std::chrono::minutes shift);

/// The moments for one source. With a time of publication: that time, and two and six hours later,
/// under each offset from UTC that the zone has in the two years after `now`; the moment that
/// belongs to the other half of the year finds nothing due. Without a time of publication, and
/// beside it where a list is asked for several times a day, regular moments. `shift` keeps sources
/// and hosts apart: it moves regular moments within their step, others by less than a quarter of an
/// hour. Throws Error{config} when the zone is unknown to this machine.
Slots firing_slots(const Cadence& cadence, Timestamp now, std::chrono::minutes shift);

/// The shortest time from one moment to the next, round the clock.
std::chrono::minutes smallest_gap(const Slots& slots) noexcept;

/// A random delay, or a share of it, that keeps runs apart without swallowing the next moment: an
/// eighth of the gap, 40 minutes at most.
std::chrono::seconds jitter(std::chrono::minutes gap) noexcept;

/// Two fields of a line of cron: "17" and "0,6,12,18".
struct CronTime {
    std::string minutes{};
    std::string hours{};

    std::string text() const { return minutes + " " + hours + " * * *"; }
};

/// The lines that together fire at exactly these moments.
std::vector<CronTime> cron_times(const Slots& slots);

/// One line that fires at all of them, and at others where one line cannot tell.
CronTime cron_superset(const Slots& slots);

/// The part of `splay` that this host waits: always the same for the same host and sources, evenly
/// spread over hosts, less than `splay`, of which a day at most counts.
std::chrono::milliseconds splay_delay(std::chrono::seconds splay,
                                      std::string_view host,
                                      const std::vector<std::string>& sources);

}  // namespace isinfetch
