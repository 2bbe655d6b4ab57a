#include "fetch/retry.hpp"

#include <algorithm>
#include <cmath>

namespace isinfetch {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds kLongestCooldown = std::chrono::days{7};
constexpr int kMostDoublings = 30;  // far beyond any max_delay, and no overflow

}  // namespace

Advice judge(int http_status) noexcept {
    switch (http_status) {
        case 200:
        case 206:
        case 304:
            return Advice::accept;
        case 408:
        case 425:
        case 429:
            return Advice::retry;
        case 501:
        case 505:
            return Advice::give_up;
        default:
            return http_status >= 500 && http_status <= 599 ? Advice::retry : Advice::give_up;
    }
}

ErrorKind error_kind(int http_status) noexcept {
    switch (http_status) {
        case 401:
        case 403:
        case 407:
            return ErrorKind::permission;
        case 404:
        case 410:
            return ErrorKind::gone;
        case 451:
            return ErrorKind::unavailable;
        default:
            return judge(http_status) == Advice::retry ? ErrorKind::temporary : ErrorKind::protocol;
    }
}

milliseconds retry_delay(const RetryPolicy& policy,
                         int attempt,
                         std::optional<seconds> retry_after,
                         double dice) noexcept {
    const int doublings = std::clamp(attempt - 1, 0, kMostDoublings);
    const double doubled = std::ldexp(static_cast<double>(policy.first_delay.count()), doublings);
    const double capped = std::min(doubled, static_cast<double>(policy.max_delay.count()));
    const milliseconds jittered{static_cast<std::int64_t>(capped * 1000.0 * dice)};
    return std::max<milliseconds>(jittered, retry_after.value_or(seconds{0}));
}

std::optional<Timestamp> cooldown_until(const RetryPolicy& policy,
                                        int http_status,
                                        std::optional<seconds> retry_after,
                                        Timestamp now) noexcept {
    std::optional<seconds> wait;
    if (http_status == 403) {
        wait = policy.cooldown_403;
    } else if (http_status == 429) {
        wait = retry_after.value_or(policy.cooldown_429);
    } else if (http_status == 503) {
        wait = retry_after;
    }
    if (!wait || *wait <= seconds{0}) {
        return std::nullopt;
    }
    return now + std::min(*wait, kLongestCooldown);
}

}  // namespace isinfetch
