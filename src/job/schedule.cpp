#include "job/schedule.hpp"

#include <algorithm>

namespace isinfetch {

namespace {

// No publisher means a longer wait; a clock that was wrong when it was stored might.
constexpr std::chrono::hours kLongestCooldown{7 * 24};

// By so much can the days between two strikes be shorter than 24 hours each.
constexpr std::chrono::hours kSummerTime{1};

std::chrono::local_days local_day(const Cadence& cadence, Timestamp time) {
    return std::chrono::floor<std::chrono::days>(cadence.zone.to_local(time));
}

/// The first strike after `time`.
Timestamp next_strike(const Cadence& cadence, Timestamp time) {
    auto day = local_day(cadence, time) - std::chrono::days{1};
    const auto strike = [&] { return cadence.zone.to_utc(day + cadence.not_before.value()); };
    while (strike() <= time) {
        day += std::chrono::days{1};
    }
    return strike();
}

}  // namespace

Timestamp last_strike(const Cadence& cadence, Timestamp time) {
    // A gap can move the strike of a day into the next one.
    auto day = local_day(cadence, time) + std::chrono::days{1};
    const auto strike = [&] { return cadence.zone.to_utc(day + cadence.not_before.value()); };
    while (strike() > time) {
        day -= std::chrono::days{1};
    }
    return strike();
}

bool is_asked_during_day(std::chrono::seconds every) noexcept {
    return every <= std::chrono::hours{12};
}

bool is_due(const SourceState& state, const Cadence& cadence, Timestamp now) {
    if (!state.waiting.publication.empty()) {
        return true;
    }
    const auto due = next_due(state, cadence, now);
    return !due || *due <= now;
}

std::optional<Timestamp> next_due(const SourceState& state, const Cadence& cadence, Timestamp now) {
    if (!state.last_success || *state.last_success > now) {
        return std::nullopt;
    }
    const Timestamp success = *state.last_success;
    const Timestamp waited = success + cadence.every;
    if (!cadence.not_before) {
        return waited;
    }
    const auto whole_days = std::chrono::floor<std::chrono::days>(cadence.every);
    const Timestamp struck = last_strike(cadence, success);
    Timestamp strike = next_strike(cadence, success);
    while (whole_days > std::chrono::days{1} && strike - struck < whole_days - kSummerTime) {
        strike = next_strike(cadence, strike);
    }
    const bool same_day =
        is_asked_during_day(cadence.every) &&
        local_day(cadence, last_strike(cadence, waited)) == local_day(cadence, waited);
    return same_day ? std::min(strike, waited) : strike;
}

Timestamp next_attempt(const SourceState& state, const Cadence& cadence, Timestamp now) {
    Timestamp moment = now;
    if (!is_due(state, cadence, now)) {
        moment = next_due(state, cadence, now).value_or(now);
    }
    return is_cooling_down(state, now) ? std::max(moment, *state.cooldown_until) : moment;
}

bool is_cooling_down(const SourceState& state, Timestamp now) noexcept {
    return state.cooldown_until && *state.cooldown_until > now &&
           *state.cooldown_until - now <= kLongestCooldown;
}

}  // namespace isinfetch
