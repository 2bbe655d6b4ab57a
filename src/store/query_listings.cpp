#include "store/columns.hpp"
#include "store/query.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <deque>
#include <span>
#include <string_view>

namespace isinfetch {

namespace {

constexpr std::size_t kIsinsAtOnce = 500;

/// Conditions, joined by AND, and their parameters. Texts that are made here are kept here.
class Conditions {
public:
    /// `condition` has one {} for its parameter.
    void add(std::string_view condition, Parameter value) {
        parameters_.push_back(value);
        const std::string place = fmt::format("${}", parameters_.size());
        add(fmt::format(fmt::runtime(condition), place));
    }
    void add(std::string_view condition) {
        text_ += text_.empty() ? "" : " AND ";
        text_ += condition;
    }

    void one_of(std::string_view column, std::span<const std::string> values) {
        std::string places;
        for (const std::string& value : values) {
            parameters_.emplace_back(value);
            places += fmt::format("{}${}", places.empty() ? "" : ", ", parameters_.size());
        }
        add(fmt::format("{} IN ({})", column, places));
    }

    /// A range, which an index can serve, rather than LIKE. `prefix` is ASCII.
    void begins_with(std::string_view column, std::string_view prefix) {
        add(fmt::format("{} >= {{}}", column), prefix);
        std::string& end = texts_.emplace_back(prefix);
        ++end.back();
        add(fmt::format("{} < {{}}", column), end);
    }

    const std::string& text() const noexcept { return text_; }
    std::span<const Parameter> parameters() const noexcept { return parameters_; }

private:
    std::string text_{};
    std::vector<Parameter> parameters_{};
    std::deque<std::string> texts_{};  // their addresses must not change
};

/// What the filter says of one source.
struct Selection {
    std::int64_t source = 0;
    std::string name{};
    std::int64_t version = 0;  ///< of the list; 0: the current one
};

/// The list that a source had at `as_of`; 0 when it had none yet.
std::int64_t version_at(Connection& connection, std::int64_t source, Timestamp as_of) {
    const std::string time = format_time(as_of);
    const std::array<Parameter, 2> parameters{source, time};
    return query_integer(connection,
                         "SELECT max(v.id) FROM run_source v JOIN run r ON r.id = v.run_id"
                         " WHERE v.source_id = $1 AND v.status = 'updated' AND r.dry_run = 0"
                         " AND coalesce(v.published, r.started) <= $2",
                         parameters)
        .value_or(0);
}

Conditions conditions_of(const ListingFilter& filter,
                         const Selection& selection,
                         std::span<const std::string> isins) {
    Conditions conditions;
    conditions.add("source_id = {}", selection.source);
    if (filter.as_of) {
        conditions.add("+added_run <= {}", selection.version);
    }
    if (!filter.all_versions && filter.as_of) {
        conditions.add("(closed_run IS NULL OR closed_run > {})", selection.version);
    } else if (!filter.all_versions) {
        conditions.add("closed_run IS NULL");
    }
    if (!isins.empty()) {
        conditions.one_of("isin", isins);
    }
    if (!filter.country.empty()) {
        conditions.begins_with("isin", filter.country);
    }
    if (!filter.mic.empty()) {
        conditions.add("mic = {}", filter.mic);
    }
    if (!filter.cfi.empty()) {
        conditions.begins_with("cfi", filter.cfi);
    }
    if (!filter.lei.empty()) {
        conditions.add("lei = {}", filter.lei);
    }
    return conditions;
}

/// The source in ORDER BY makes it the order of an index, so that nothing is sorted; so does the
/// plus before added_run, which keeps SQLite from looking for the rows by version.
/// Reads the rows of one source, or those of some of its ISINs.
void read_rows(Connection& connection,
               const Conditions& conditions,
               const std::string& source,
               const ListingSink& sink) {
    const std::string sql = fmt::format(
        "SELECT {}, published, superseded, opened_as, closed_as FROM listing"
        " WHERE {} ORDER BY isin, source_id, venue, added_run",
        listing_columns(),
        conditions.text());
    const auto cursor = connection.query(sql, conditions.parameters());
    StoredListing stored;
    stored.source = source;
    while (cursor->next()) {
        read_listing(*cursor, 0, stored.listing);
        stored.published = cursor->text(kListingColumns);
        stored.superseded = cursor->text(kListingColumns + 1);
        stored.opened_as = cursor->text(kListingColumns + 2);
        stored.closed_as = cursor->text(kListingColumns + 3);
        sink(stored);
    }
}

/// Sorted parts of `isins`, small enough for one statement each: the rows stay in order.
void for_each_part(std::span<const std::string> isins,
                   const std::function<void(std::span<const std::string>)>& visit) {
    if (isins.empty()) {
        visit(isins);
    }
    for (std::size_t i = 0; i < isins.size(); i += kIsinsAtOnce) {
        visit(isins.subspan(i, std::min(kIsinsAtOnce, isins.size() - i)));
    }
}

}  // namespace

// The statement over the sources stays open meanwhile, so that all rows come from one snapshot.
void for_each_listing(Connection& connection,
                      const ListingFilter& filter,
                      const ListingSink& sink) {
    std::vector<std::string> isins = filter.isins;
    std::sort(isins.begin(), isins.end());
    isins.erase(std::unique(isins.begin(), isins.end()), isins.end());
    const auto sources = connection.query("SELECT id, name FROM source ORDER BY name", {});
    while (sources->next()) {
        Selection selection{.source = sources->integer(0), .name = std::string(sources->text(1))};
        const auto& wanted = filter.sources;
        if (!wanted.empty() && std::ranges::find(wanted, selection.name) == wanted.end()) {
            continue;
        }
        if (filter.as_of) {
            selection.version = version_at(connection, selection.source, *filter.as_of);
        }
        for_each_part(isins, [&](std::span<const std::string> part) {
            read_rows(connection, conditions_of(filter, selection, part), selection.name, sink);
        });
    }
}

}  // namespace isinfetch
