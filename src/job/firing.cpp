#include "job/firing.hpp"

#include "job/schedule.hpp"
#include "util/host.hpp"
#include "util/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace isinfetch {

namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr minutes kDay = hours{24};

// All of them divide a day, and those under an hour divide an hour, which cron can say.
constexpr std::array kSteps{minutes{5},
                            minutes{10},
                            minutes{15},
                            minutes{20},
                            minutes{30},
                            minutes{60},
                            minutes{120},
                            minutes{180},
                            minutes{240},
                            minutes{360}};

// After a publication: at once, when a slow publisher is ready, when a broken one is mended.
constexpr std::array kTries{hours{0}, hours{2}, hours{6}};

constexpr minutes kLongestShift{15};

void sort_out(Slots& slots) {
    std::sort(slots.begin(), slots.end());
    slots.erase(std::unique(slots.begin(), slots.end()), slots.end());
}

minutes in_day(minutes time) {
    return ((time % kDay) + kDay) % kDay;
}

Slots slots_after_publication(const Cadence& cadence, Timestamp now, minutes shift) {
    Slots slots;
    for (const auto offset : cadence.zone.offsets(now, now + hours{24 * 731})) {
        for (const hours later : kTries) {
            const auto moment = *cadence.not_before - offset + later;
            slots.push_back(in_day(std::chrono::ceil<minutes>(moment) + shift % kLongestShift));
        }
    }
    return slots;
}

template <class Numbers>
std::string list_of(const Numbers& numbers) {
    return fmt::format("{}", fmt::join(numbers, ","));
}

std::string hour_field(const std::set<std::int64_t>& hours_of_day) {
    return hours_of_day.size() == 24 ? "*" : list_of(hours_of_day);
}

}  // namespace

std::chrono::minutes firing_step(std::chrono::seconds every) noexcept {
    minutes step = kSteps.front();
    for (const minutes candidate : kSteps) {
        if (candidate <= every / 2) {
            step = candidate;
        }
    }
    return step;
}

Slots regular_slots(std::chrono::minutes step, std::chrono::minutes shift) {
    Slots slots;
    for (minutes time = shift % step; time < kDay; time += step) {
        slots.push_back(time);
    }
    return slots;
}

Slots firing_slots(const Cadence& cadence, Timestamp now, std::chrono::minutes shift) {
    Slots slots;
    if (!cadence.not_before || is_asked_during_day(cadence.every)) {
        slots = regular_slots(firing_step(cadence.every), shift);
    }
    if (cadence.not_before) {
        const Slots more = slots_after_publication(cadence, now, shift);
        slots.insert(slots.end(), more.begin(), more.end());
    }
    sort_out(slots);
    return slots;
}

std::chrono::minutes smallest_gap(const Slots& slots) noexcept {
    minutes gap = kDay;
    for (std::size_t i = 1; i < slots.size(); ++i) {
        gap = std::min(gap, slots[i] - slots[i - 1]);
    }
    return slots.empty() ? gap : std::min(gap, slots.front() + kDay - slots.back());
}

std::chrono::seconds jitter(std::chrono::minutes gap) noexcept {
    return std::min<std::chrono::seconds>(minutes{40}, std::chrono::seconds{gap} / 8);
}

std::vector<CronTime> cron_times(const Slots& slots) {
    std::map<std::int64_t, std::vector<std::int64_t>> minutes_by_hour;
    for (const minutes slot : slots) {
        minutes_by_hour[slot.count() / 60].push_back(slot.count() % 60);
    }
    std::map<std::vector<std::int64_t>, std::set<std::int64_t>> hours_by_minutes;
    for (const auto& [hour, minutes_of_hour] : minutes_by_hour) {
        hours_by_minutes[minutes_of_hour].insert(hour);
    }
    std::vector<CronTime> times;
    times.reserve(hours_by_minutes.size());
    for (const auto& [minutes_of_hour, hours_of_day] : hours_by_minutes) {
        times.push_back({list_of(minutes_of_hour), hour_field(hours_of_day)});
    }
    return times;
}

CronTime cron_superset(const Slots& slots) {
    std::set<std::int64_t> minutes_of_hour;
    std::set<std::int64_t> hours_of_day;
    for (const minutes slot : slots) {
        minutes_of_hour.insert(slot.count() % 60);
        hours_of_day.insert(slot.count() / 60);
    }
    return {list_of(minutes_of_hour), hour_field(hours_of_day)};
}

std::chrono::milliseconds splay_delay(std::chrono::seconds splay,
                                      std::string_view host,
                                      const std::vector<std::string>& sources) {
    // 32 of 64 bits: their product with any splay fits, and the share stays below 1.
    const std::uint64_t share =
        stable_number(fmt::format("{}\n{}", host, join(sources, ","))) >> 32U;
    const std::uint64_t whole =
        static_cast<std::uint64_t>(std::min(splay, std::chrono::seconds{kDay}).count()) * 1000;
    return std::chrono::milliseconds{static_cast<std::int64_t>(whole * share >> 32U)};
}

}  // namespace isinfetch
