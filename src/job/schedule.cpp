#include "job/schedule.hpp"

namespace isinfetch {

namespace {

// No publisher means a longer wait; a clock that was wrong when it was stored might.
constexpr std::chrono::hours kLongestCooldown{7 * 24};

}  // namespace

bool is_due(const SourceState& state, std::chrono::seconds every, Timestamp now) noexcept {
    return !state.last_success || *state.last_success > now || now - *state.last_success >= every;
}

bool is_cooling_down(const SourceState& state, Timestamp now) noexcept {
    return state.cooldown_until && *state.cooldown_until > now &&
           *state.cooldown_until - now <= kLongestCooldown;
}

}  // namespace isinfetch
