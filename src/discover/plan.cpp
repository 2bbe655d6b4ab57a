#include "discover/plan.hpp"

#include "core/date.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

namespace isinfetch {

namespace {

constexpr std::array kRoles{Role::snapshot, Role::delta, Role::cancellations};

/// The newest full list that is complete; empty when there is none.
std::string newest_full(const Sets& sets) {
    std::string newest;
    for (const Publication& publication : sets.complete) {
        if (publication.role == Role::snapshot) {
            newest = publication.date;
        }
    }
    return newest;
}

/// The first delta that is waited for: no full list makes up for it. nullptr: none.
const Incomplete* first_hold(const Sets& sets, const FeedCursor& cursor) {
    const std::string full = newest_full(sets);
    for (const Incomplete& incomplete : sets.incomplete) {
        if (incomplete.role == Role::delta && incomplete.date > cursor.delta &&
            incomplete.date >= cursor.snapshot && incomplete.date > full) {
            return &incomplete;
        }
    }
    return nullptr;
}

/// A publication that is newer than all that is there or can be applied, and not complete: nothing
/// waits behind it, but the list is older than it could be. nullptr: none.
const Incomplete* newest_missing(const Sets& sets, const FeedCursor& cursor) {
    std::string newest = std::max({cursor.snapshot, cursor.delta, cursor.cancellations});
    for (const Publication& publication : sets.complete) {
        newest = std::max(newest, publication.date);
    }
    const auto found = std::ranges::find_if(
        sets.incomplete, [&](const Incomplete& each) { return each.date > newest; });
    return found == sets.incomplete.end() ? nullptr : &*found;
}

Waiting describe_hold(const Sets& sets, const FeedCursor& cursor) {
    const Incomplete* const hold = first_hold(sets, cursor);
    const Incomplete* const missing = hold != nullptr ? hold : newest_missing(sets, cursor);
    if (missing == nullptr) {
        return {};
    }
    const auto behind = std::ranges::count_if(sets.complete, [&](const Publication& publication) {
        return hold != nullptr && publication.role == Role::delta && publication.date > hold->date;
    });
    Waiting waiting = waiting_for(*missing);
    waiting.behind = behind;
    return waiting;
}

/// The days after `first` and before `last` on which there was no complete delta.
std::vector<std::string> days_without_delta(const std::vector<Publication>& publications,
                                            const std::string& first) {
    std::set<std::string> days;
    for (const Publication& publication : publications) {
        if (publication.role == Role::delta && publication.date > first) {
            days.insert(publication.date);
        }
    }
    std::vector<std::string> gaps;
    for (auto day = days.rbegin(); day != days.rend(); ++day) {
        const std::string lower = std::next(day) == days.rend() ? first : *std::next(day);
        for (auto before = day_before(*day); before && *before > lower && !lower.empty();
             before = day_before(*before)) {
            gaps.push_back(*before);
        }
    }
    std::ranges::sort(gaps);
    return gaps;
}

bool contains(const std::vector<std::string>& days, const std::string& day) {
    return std::ranges::find(days, day) != days.end();
}

}  // namespace

const std::string& FeedCursor::of(Role role) const noexcept {
    return role == Role::snapshot ? snapshot : role == Role::delta ? delta : cancellations;
}

std::string& FeedCursor::of(Role role) noexcept {
    return role == Role::snapshot ? snapshot : role == Role::delta ? delta : cancellations;
}

bool FeedCursor::empty() const noexcept {
    return snapshot.empty() && delta.empty() && cancellations.empty();
}

std::string text_of(const FeedCursor& cursor) {
    std::string text;
    for (const Role role : kRoles) {
        if (!cursor.of(role).empty()) {
            text += fmt::format("{}{}={}", text.empty() ? "" : " ", name(role), cursor.of(role));
        }
    }
    return text;
}

std::optional<FeedCursor> parse_cursor(std::string_view text) {
    FeedCursor cursor;
    while (!text.empty()) {
        const std::string_view word = text.substr(0, text.find(' '));
        text.remove_prefix(std::min(word.size() + 1, text.size()));
        const auto equals = word.find('=');
        const auto* role =
            std::ranges::find(kRoles, word.substr(0, equals), [](Role each) { return name(each); });
        if (equals == std::string_view::npos || role == kRoles.end() ||
            !day_before(word.substr(equals + 1))) {
            return std::nullopt;
        }
        cursor.of(*role) = word.substr(equals + 1);
    }
    return cursor;
}

Plan plan_run(const Sets& sets,
              const FeedCursor& cursor,
              const std::vector<std::string>& known_gaps) {
    Plan plan;
    for (const Incomplete& incomplete : sets.incomplete) {
        if (incomplete.date > cursor.of(incomplete.role)) {
            plan.waiting.push_back(incomplete.why);
        }
    }
    // Before its first full list a source has nothing that deltas could change.
    const std::string start = cursor.empty() ? newest_full(sets) : cursor.snapshot;
    if (cursor.empty() && start.empty()) {
        return plan;
    }
    const Incomplete* const held = first_hold(sets, cursor);
    const std::string hold = held != nullptr ? held->date : std::string();
    plan.hold = describe_hold(sets, cursor);
    for (const Publication& publication : sets.complete) {
        const bool late = publication.role == Role::delta && contains(known_gaps, publication.date);
        const bool fresh = publication.date > cursor.of(publication.role) &&
                           publication.date >= start && (hold.empty() || publication.date < hold);
        if (late || fresh) {
            plan.publications.push_back(publication);
        }
    }
    if (cursor.empty()) {
        // The first full list comes before the delta of its day, which has nothing to change yet.
        const auto full = std::ranges::find(
            plan.publications, Role::snapshot, [](const Publication& each) { return each.role; });
        std::rotate(plan.publications.begin(), full, std::next(full));
    }
    plan.gaps = days_without_delta(plan.publications, std::max(cursor.delta, start));
    return plan;
}

Plan plan_backfill(const Sets& sets, const std::string& from, const std::string& to) {
    Plan plan;
    const auto within = [&](const std::string& date) { return date >= from && date <= to; };
    for (const Publication& publication : sets.complete) {
        if (within(publication.date)) {
            plan.publications.push_back(publication);
        }
    }
    for (const Incomplete& incomplete : sets.incomplete) {
        if (within(incomplete.date)) {
            plan.waiting.push_back(incomplete.why);
        }
    }
    plan.gaps = days_without_delta(plan.publications, from);
    return plan;
}

}  // namespace isinfetch
