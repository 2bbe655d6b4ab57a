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

/// A side of a difference: the rows of list `of` that list `without` does not have.
struct Side {
    std::int64_t source = 0;
    std::int64_t of = 0;
    std::int64_t without = 0;

    bool is_newer() const noexcept { return of > without; }
};

/// What the side's rows have in common. $2 is the list, $3 the other one. A row in both is the same
/// version on both sides: it has nothing to say, and its venue is nobody's counterpart but its own.
std::string_view condition_of(const Side& side) noexcept {
    return side.is_newer() ? "+added_run > $3 AND +added_run <= $2"
                             " AND (+closed_run IS NULL OR +closed_run > $2)"
                           : "+added_run <= $2 AND +closed_run > $2 AND +closed_run <= $3";
}

/// The versions that lie between the two lists, the newer one included.
std::vector<std::int64_t> versions_between(Connection& connection, const Side& side) {
    const std::array<Parameter, 3> parameters{
        side.source, std::min(side.of, side.without), std::max(side.of, side.without)};
    const auto row = connection.query(
        "SELECT id FROM run_source WHERE source_id = $1 AND id > $2 AND id <= $3"
        " AND status = 'updated' ORDER BY id",
        parameters);
    std::vector<std::int64_t> versions;
    while (row->next()) {
        versions.push_back(row->integer(0));
    }
    return versions;
}

/// One SELECT for what each version opened or closed, which an index has in key order. PostgreSQL
/// merges them only if each says that it is ordered.
std::string merged_query(const Side& side, std::size_t versions) {
    std::string sql;
    for (std::size_t i = 0; i < versions; ++i) {
        sql += fmt::format(
            "{}SELECT * FROM (SELECT {} FROM listing WHERE {} = ${}"
            " AND source_id = $1 AND {} ORDER BY isin, venue) AS side",
            i == 0 ? "" : " UNION ALL ",
            listing_columns(),
            side.is_newer() ? "added_run" : "closed_run",
            i + 4,
            condition_of(side));
    }
    return sql + " ORDER BY isin, venue";
}

/// The rows of a side in key order. From the first list on, and over many versions, all of the
/// list is read.
std::unique_ptr<Cursor> rows_of(Connection& connection, const Side& side) {
    std::vector<Parameter> parameters{side.source, side.of, side.without};
    const auto versions = versions_between(connection, side);
    const bool is_whole = side.of == 0 || side.without == 0;
    if (is_whole || versions.empty() || versions.size() > kVersionsMerged) {
        return connection.stream(fmt::format("SELECT {} FROM listing WHERE +source_id = $1 AND {}"
                                             " ORDER BY isin, source_id, venue",
                                             listing_columns(),
                                             condition_of(side)),
                                 parameters);
    }
    parameters.insert(parameters.end(), versions.begin(), versions.end());
    return connection.stream(merged_query(side, versions.size()), parameters);
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
    if (from_version == to_version) {
        return;
    }
    const auto old_rows =
        rows_of(connection, {.source = key, .of = from_version, .without = to_version});
    const auto new_rows =
        rows_of(connection, {.source = key, .of = to_version, .without = from_version});
    IsinGroups before = groups_of(*old_rows);
    IsinGroups after = groups_of(*new_rows);
    walk_groups(before, after, [&sink](std::span<Listing> old, std::span<Listing> fresh) {
        tell_changes(old, fresh, sink);
    });
}

}  // namespace isinfetch
