#include "store/columns.hpp"
#include "store/query.hpp"
#include "util/interrupt.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace isinfetch {

namespace {

// `missing_in_full` and `removed` end a version that no other one follows; all others open one.
constexpr std::array<std::string_view, 8> kKinds{"added",
                                                 "changed",
                                                 "cosmetic",
                                                 "removed",
                                                 "terminated",
                                                 "cancelled",
                                                 "reconciled",
                                                 "missing_in_full"};
constexpr std::array<std::string_view, 2> kEndings{"removed", "missing_in_full"};

// In the words of the index listing_ended, so that those few are found among all that was closed.
constexpr std::string_view kOfIndex = " AND closed_as IN ('removed', 'missing_in_full')";

bool is_ending(std::string_view kind) noexcept {
    return std::ranges::find(kEndings, kind) != kEndings.end();
}

/// "'added', 'changed'": the kinds that are wanted, those that end or those that open. They are of
/// change_kinds(), so that they need no parameters.
std::string wanted_kinds(const PublishedFilter& filter, bool ending) {
    std::string names;
    for (const std::string_view kind : kKinds) {
        const bool is_wanted =
            filter.kinds.empty() || std::ranges::find(filter.kinds, kind) != filter.kinds.end();
        if (is_ending(kind) == ending && is_wanted) {
            names += fmt::format("{}'{}'", names.empty() ? "" : ", ", kind);
        }
    }
    return names;
}

/// What one publication, $1, opened and ended, in key order.
std::string changes_query(const PublishedFilter& filter) {
    std::string sql;
    const auto add = [&](std::string_view run, std::string_view kind, bool ending) {
        if (const std::string names = wanted_kinds(filter, ending); !names.empty()) {
            sql += fmt::format(
                "{}SELECT * FROM (SELECT {}, {} AS kind FROM listing WHERE {} = $1 AND {} IN ({}){}"
                " ORDER BY isin, venue) AS side",
                sql.empty() ? "" : " UNION ALL ",
                listing_columns(),
                kind,
                run,
                kind,
                names,
                ending ? kOfIndex : "");
        }
    };
    add("added_run", "opened_as", false);
    add("closed_run", "closed_as", true);
    return sql + " ORDER BY isin, venue";
}

std::unique_ptr<Cursor> find_publications(Connection& connection, const PublishedFilter& filter) {
    const std::string since = format_time(filter.since.value_or(Timestamp{}));
    // Years have four digits, and a day of the year 9999 is text like any other.
    const std::string until = filter.until ? format_time(*filter.until) : "9999-12-31T23:59:59Z";
    const std::string_view time = filter.by_run ? "r.started" : "v.published";
    const std::array<Parameter, 2> parameters{since, until};
    return connection.stream(
        fmt::format("SELECT v.id, s.name, v.published, r.run_id, r.started FROM run_source v"
                    " JOIN run r ON r.id = v.run_id JOIN source s ON s.id = v.source_id"
                    " WHERE v.status = 'updated' AND v.undoes IS NULL AND v.undone_run IS NULL"
                    " AND {0} >= $1 AND {0} <= $2 ORDER BY {0}, v.id",
                    time),
        parameters);
}

}  // namespace

std::span<const std::string_view> change_kinds() noexcept {
    return kKinds;
}

// The stream of the publications stays open meanwhile, so that all rows are of one snapshot.
void for_each_published_change(Connection& connection,
                               const PublishedFilter& filter,
                               const std::function<void(const PublishedChange&)>& sink) {
    const std::string sql = changes_query(filter);
    const auto publication = find_publications(connection, filter);
    PublishedChange change;
    while (publication->next()) {
        stop_if_interrupted();
        change.source = publication->text(1);
        const auto& wanted = filter.sources;
        if (!wanted.empty() && std::ranges::find(wanted, change.source) == wanted.end()) {
            continue;
        }
        change.published = publication->text(2);
        change.run_id = publication->text(3);
        change.seen = publication->text(4);
        const std::array<Parameter, 1> parameters{publication->integer(0)};
        const auto row = connection.stream(sql, parameters);
        while (row->next()) {
            read_listing(*row, 0, change.listing);
            change.kind = row->text(kListingColumns);
            sink(change);
        }
    }
}

}  // namespace isinfetch
