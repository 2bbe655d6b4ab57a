#include "store/columns.hpp"
#include "store/match.hpp"
#include "store/query.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

namespace isinfetch {

namespace {

/// Rows that are in `list` but not in `other`, in key order. A row in both is the same version on
/// both sides: it has nothing to say, and its venue is nobody's counterpart but its own. A whole
/// list is better read in the order of an index than by version (the plus) and sorted.
std::unique_ptr<Cursor> rows_only_in(Connection& connection,
                                     std::int64_t source,
                                     std::int64_t list,
                                     std::int64_t other) {
    const std::string_view condition =
        list < other ? "added_run <= $2 AND closed_run > $2 AND closed_run <= $3"
        : other > 0  ? "added_run > $3 AND added_run <= $2"
                       " AND (closed_run IS NULL OR closed_run > $2)"
                     : "+added_run > $3 AND +added_run <= $2"
                       " AND (closed_run IS NULL OR closed_run > $2)";
    const std::array<Parameter, 3> parameters{source, list, other};
    return connection.stream(fmt::format("SELECT {} FROM listing WHERE source_id = $1 AND {}"
                                         " ORDER BY isin, source_id, venue",
                                         listing_columns(),
                                         condition),
                             parameters);
}

IsinGroups groups_of(Cursor& cursor) {
    return IsinGroups([&cursor](Listing& listing) {
        if (!cursor.next()) {
            return false;
        }
        read_listing(cursor, 0, listing);
        return true;
    });
}

/// A list whose venues are MICs has them in both columns (see validate()): there a venue that is
/// gone and another that is new are two facts, as in MergePlan::venue_is_mic.
Leftovers leftovers_of(std::span<const Listing> before, std::span<const Listing> after) {
    const auto is_mic = [](const Listing& row) { return row.venue() == row[Field::mic]; };
    return std::ranges::all_of(before, is_mic) && std::ranges::all_of(after, is_mic)
               ? Leftovers::separate
               : Leftovers::pair;
}

Change make_change(const RowPair& pair, std::span<Listing> before, std::span<Listing> after) {
    Change change;
    if (pair.before) {
        change.before = std::move(before[*pair.before]);
    }
    if (pair.after) {
        change.after = std::move(after[*pair.after]);
    }
    if (!pair.before) {
        change.kind = ChangeKind::added;
    } else if (!pair.after) {
        change.kind = ChangeKind::removed;
    } else if (pair.difference == Difference::cosmetic) {
        change.kind = ChangeKind::cosmetic;
    } else {
        change.kind = ChangeKind::changed;
    }
    return change;
}

void tell_changes(std::span<Listing> before,
                  std::span<Listing> after,
                  const std::function<void(const Change&)>& sink) {
    for (const RowPair& pair : match_rows(before, after, leftovers_of(before, after))) {
        // A row that changed and changed back has two versions of one content.
        if (pair.difference != Difference::none) {
            sink(make_change(pair, before, after));
        }
    }
}

}  // namespace

std::string_view name(ChangeKind kind) noexcept {
    switch (kind) {
        case ChangeKind::added:
            return "added";
        case ChangeKind::removed:
            return "removed";
        case ChangeKind::changed:
            return "changed";
        case ChangeKind::cosmetic:
            return "cosmetic";
    }
    return "changed";
}

void for_each_change(Connection& connection,
                     const std::string& source,
                     std::int64_t from_version,
                     std::int64_t to_version,
                     const std::function<void(const Change&)>& sink) {
    const std::array<Parameter, 1> parameters{source};
    const std::int64_t key =
        query_integer(connection, "SELECT id FROM source WHERE name = $1", parameters).value_or(0);
    const auto old_rows = rows_only_in(connection, key, from_version, to_version);
    const auto new_rows = rows_only_in(connection, key, to_version, from_version);
    IsinGroups before = groups_of(*old_rows);
    IsinGroups after = groups_of(*new_rows);
    walk_groups(before, after, [&sink](std::span<Listing> old, std::span<Listing> fresh) {
        tell_changes(old, fresh, sink);
    });
}

}  // namespace isinfetch
