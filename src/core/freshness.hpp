// Is a list as fresh as it promises to be? One decision for status, doctor, the run report and
// whoever else asks. Pure: stored facts and a time in, a verdict out.
#pragma once

#include "util/time.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace isinfetch {

enum class Freshness {
    fresh,     ///< asked in time, and its newest publication is not older than `stale_after`
    due,       ///< as fresh, and to be asked for at the next run
    late,      ///< due for longer than `every`: without `not_before`, no success for twice that
    stale,     ///< asked, but nothing was newly published for longer than `stale_after`
    held,      ///< publications wait for a part that does not come
    failing,   ///< the newest runs failed
    refused,   ///< a guard refused what the newest run was given
    cooling,   ///< the publisher wants to be left alone for a while
    never,     ///< never fetched
    future,    ///< a stored time lies ahead of the clock: one of the two is wrong
    disabled,  ///< nobody asks for it
};

/// "fresh", "due", …: in all outputs.
std::string_view name(Freshness freshness) noexcept;

/// A publication that cannot be used before a part of it comes, and what it holds up.
struct Waiting {
    std::string publication{};         ///< "delta of 2026-11-20"; empty: nothing is waited for
    std::string reason{};              ///< "delta of 2026-11-20: part 2 of 3 is missing"
    std::optional<Timestamp> since{};  ///< when a run noticed it first
    std::int64_t behind = 0;           ///< complete publications that wait behind it

    bool operator==(const Waiting&) const = default;
};

/// What the decision goes by. Absent times: never happened.
struct FreshnessFacts {
    bool enabled = true;  ///< or asked for by its name
    std::optional<Timestamp> last_attempt{};
    std::optional<Timestamp> last_success{};   ///< of asking: updated or unchanged
    std::optional<Timestamp> published{};      ///< newest publication
    std::optional<Timestamp> failing_since{};  ///< first of the failures in a row
    std::int64_t failures = 0;                 ///< in a row
    bool was_refused = false;                  ///< was the newest failure a guard's refusal?
    std::string last_error{};
    std::optional<Timestamp> cooldown_until{};  ///< only while it is heeded
    Waiting waiting{};
    std::optional<Timestamp> next_due{};  ///< by `every` and `not_before`; none: at once
    std::chrono::seconds every{};         ///< 0: no promise of when it is asked for
    std::optional<std::chrono::seconds> stale_after{};  ///< none: never stale
    std::optional<std::chrono::seconds> max_age{};      ///< of --max-age: for both ages
};

struct FreshnessVerdict {
    Freshness state = Freshness::fresh;
    /// Everything but fresh and due that is true, what a person wants to know first in front. Not
    /// all of it breaks a promise: a list that failed once is `failing`.
    std::vector<Freshness> troubles{};
    bool is_broken = false;  ///< is it late, stale, held, in the future, or failing for too long?

    bool has(Freshness trouble) const noexcept;
};

/// The one decision. A list that fails, cools down or was refused breaks its promise once it is
/// late or stale besides; one that never succeeded, when it has failed for twice `every`, or when
/// there is a `max_age`. Parts of a publication come one after the other, so that nothing is `held`
/// before it has waited for twice `every`, or two publications wait behind it.
FreshnessVerdict judge(const FreshnessFacts& facts, Timestamp now);

/// One trouble in words, without a full stop: "nothing newly published for 12d 3h (stale_after:
/// 10d): the newest is of 2026-11-18T05:17:02Z".
std::string explain(Freshness trouble, const FreshnessFacts& facts, Timestamp now);

/// All troubles in words, joined by "; ". Empty when there is none.
std::string explain(const FreshnessVerdict& verdict, const FreshnessFacts& facts, Timestamp now);

/// "delta of 2026-11-20: part 2 of 3 is missing, noticed 2026-11-21T06:00:00Z; 5 publications wait
/// behind it". Empty when nothing is waited for.
std::string describe(const Waiting& waiting);

}  // namespace isinfetch
