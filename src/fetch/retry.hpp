// When to ask a publisher again, how long to wait first, and when to leave it alone for a while.
// Pure: no clock, no network, no dice of its own.
#pragma once

#include "util/error.hpp"
#include "util/time.hpp"

#include <chrono>
#include <optional>

namespace isinfetch {

struct RetryPolicy {
    int attempts = 5;                              ///< in all, the first one included
    std::chrono::seconds first_delay{1};           ///< doubles with every further attempt
    std::chrono::seconds max_delay{60};            ///< caps the doubling
    std::chrono::seconds budget{1800};             ///< for all attempts and delays of one file
    std::chrono::seconds cooldown_403{24 * 3600};  ///< after 403: the publisher has shut us out
    std::chrono::seconds cooldown_429{4 * 3600};   ///< after 429 without Retry-After
};

enum class Advice { accept, retry, give_up };

/// Sorts an HTTP status: 200, 206 and 304 are accepted; 408, 425, 429 and 5xx but 501 and 505 are
/// worth another try; the rest never heals by itself. Redirects are followed before anybody asks.
/// Source: RFC 9110 §15, RFC 6585 §4, RFC 8470 §5.2.
Advice judge(int http_status) noexcept;

/// What kind of error a status is that was not accepted in the end: 401 403 407 permission,
/// 404 410 gone, 451 unavailable, what judge() would retry temporary, the rest protocol.
ErrorKind error_kind(int http_status) noexcept;

/// The wait before attempt `attempt` + 1, `attempt` counting from 1: "full jitter", that is
/// `dice` (0 to 1) of the doubled delay; but at least what Retry-After asks for, however long.
std::chrono::milliseconds retry_delay(const RetryPolicy& policy,
                                      int attempt,
                                      std::optional<std::chrono::seconds> retry_after,
                                      double dice) noexcept;

/// Until when a publisher is left alone after the last answer was `http_status`; none when the next
/// run may ask at once. A longer wait than seven days is a mistake of theirs and cut to that.
std::optional<Timestamp> cooldown_until(const RetryPolicy& policy,
                                        int http_status,
                                        std::optional<std::chrono::seconds> retry_after,
                                        Timestamp now) noexcept;

}  // namespace isinfetch
