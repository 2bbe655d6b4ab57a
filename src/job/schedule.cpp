#include "job/schedule.hpp"

namespace isinfetch {

namespace {

// No publisher means a longer wait; a clock that was wrong when it was stored might.
constexpr std::chrono::hours kLongestCooldown{7 * 24};

// By so much can the days between two strikes be shorter than 24 hours each.
constexpr std::chrono::hours kSummerTime{1};

std::chrono::local_days local_day(const Cadence& cadence, Timestamp time) {
    return std::chrono::floor<std::chrono::days>(cadence.zone.to_local(time));
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
    if (!state.last_success || *state.last_success > now) {
        return true;
    }
    const Timestamp success = *state.last_success;
    const bool waited = now - success >= cadence.every;
    if (!cadence.not_before) {
        return waited;
    }
    const Timestamp strike = last_strike(cadence, now);
    const auto whole_days = std::chrono::floor<std::chrono::days>(cadence.every);
    if (strike > success && (whole_days <= std::chrono::days{1} ||
                             strike - last_strike(cadence, success) >= whole_days - kSummerTime)) {
        return true;
    }
    return waited && is_asked_during_day(cadence.every) &&
           local_day(cadence, strike) == local_day(cadence, now);
}

bool is_cooling_down(const SourceState& state, Timestamp now) noexcept {
    return state.cooldown_until && *state.cooldown_until > now &&
           *state.cooldown_until - now <= kLongestCooldown;
}

}  // namespace isinfetch
