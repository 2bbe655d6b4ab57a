// Which publications a run applies, and in which order. Pure.
#pragma once

#include "core/freshness.hpp"
#include "discover/sets.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace isinfetch {

/// The last day (YYYY-MM-DD) of each role that was applied; empty: none.
struct FeedCursor {
    std::string snapshot{};
    std::string delta{};
    std::string cancellations{};

    const std::string& of(Role role) const noexcept;
    std::string& of(Role role) noexcept;
    bool empty() const noexcept;
    bool operator==(const FeedCursor&) const = default;
};

/// "snapshot=2026-11-14 delta=2026-11-20": in the store; parse_cursor() reads it back. None for
/// another text.
std::string text_of(const FeedCursor& cursor);
std::optional<FeedCursor> parse_cursor(std::string_view text);

struct Plan {
    std::vector<Publication> publications{};  ///< in the order in which they are to be applied
    std::vector<std::string> gaps{};          ///< days without a delta: unknown, not "no change"
    std::vector<std::string> waiting{};       ///< what is not complete, for people
    Waiting hold{};  ///< what keeps the list from being current, without `since`; empty: nothing
};

/// What is new after `cursor`; without one, the newest complete full list and all that follows it.
/// A day whose delta is not complete holds up what comes after it, until a full list of that day or
/// later makes up for it. A delta that comes late for one of `known_gaps` is applied as well.
Plan plan_run(const Sets& sets,
              const FeedCursor& cursor,
              const std::vector<std::string>& known_gaps = {});

/// All that was published from one day to another, both included, in order; what is not complete is
/// left out and named.
Plan plan_backfill(const Sets& sets, const std::string& from, const std::string& to);

}  // namespace isinfetch
