#include "store/columns.hpp"
#include "store/query.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <deque>
#include <span>
#include <string_view>
#include <tuple>
#include <utility>

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

    /// By the times of publication rather than by runs: days may have been applied in any order.
    /// Last words and cancellations are nothing that is listed.
    void published_until(Timestamp moment, bool superseded_too) {
        const std::string& time = texts_.emplace_back(format_time(moment));
        add("published <= {}", time);
        if (!superseded_too) {
            add("(superseded IS NULL OR superseded > {})", time);
            add("opened_as NOT IN ('terminated', 'cancelled')");
        }
    }

    const std::string& text() const noexcept { return text_; }
    std::span<const Parameter> parameters() const noexcept { return parameters_; }

private:
    std::string text_{};
    std::vector<Parameter> parameters_{};
    std::deque<std::string> texts_{};  // their addresses must not change
};

struct Source {
    std::int64_t id = 0;
    std::string name{};
};

Conditions conditions_of(const ListingFilter& filter,
                         std::int64_t source,
                         std::span<const std::string> isins) {
    // The plus hides from SQLite that the source is but one: it would sort the venues of each ISIN
    // where the index for all versions has them in order.
    const bool reads_index_through =
        isins.empty() && (filter.as_of || filter.all_versions || filter.ended_too);
    Conditions conditions;
    conditions.add(reads_index_through ? "+source_id = {}" : "source_id = {}", source);
    if (filter.as_of) {
        conditions.published_until(*filter.as_of, filter.all_versions);
    } else if (!filter.all_versions && !filter.ended_too) {
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

/// Of the versions of each key the one that was said last. Publications may have been applied in
/// any order, so it need not be the last row.
class LastVersions {
public:
    explicit LastVersions(const ListingSink& sink) : sink_(sink) {}

    void take(const StoredListing& stored) {
        if (stored.listing.isin() != last_.listing.isin() ||
            stored.listing.venue() != last_.listing.venue()) {
            finish();
            last_ = stored;
            spoken_ = {};
        } else if (!is_before(stored, last_)) {
            last_ = stored;
        }
        // A cancellation says nothing but its key.
        const bool has_content = stored.opened_as != "cancelled";
        if (has_content && (spoken_.source.empty() || !is_before(stored, spoken_))) {
            spoken_ = stored;
        }
    }

    void finish() {
        if (last_.source.empty()) {
            return;
        }
        if (last_.opened_as == "cancelled" && !spoken_.source.empty()) {
            std::swap(last_.listing, spoken_.listing);
        }
        sink_(last_);
    }

private:
    static bool is_before(const StoredListing& left, const StoredListing& right) {
        const auto moment = [](const StoredListing& stored) {
            return std::tuple(std::string_view(stored.published),
                              stored.superseded.empty(),
                              std::string_view(stored.superseded));
        };
        return moment(left) < moment(right);
    }

    const ListingSink& sink_;
    StoredListing last_{};
    StoredListing spoken_{};
};

/// The source in ORDER BY makes it the order of an index, so that nothing is sorted. Reads the rows
/// of one source, or those of some of its ISINs.
void read_rows(Connection& connection,
               const Conditions& conditions,
               const std::string& source,
               const ListingSink& sink) {
    const std::string sql = fmt::format(
        "SELECT {}, published, superseded, opened_as, closed_as FROM listing"
        " WHERE {} ORDER BY isin, source_id, venue, added_run",
        listing_columns(),
        conditions.text());
    const auto cursor = connection.stream(sql, conditions.parameters());
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
    const auto sources = connection.stream("SELECT id, name FROM source ORDER BY name", {});
    const auto read_part = [&](const Source& source, std::span<const std::string> part) {
        const Conditions conditions = conditions_of(filter, source.id, part);
        if (!filter.ended_too || filter.as_of) {
            read_rows(connection, conditions, source.name, sink);
            return;
        }
        LastVersions last(sink);
        read_rows(connection, conditions, source.name, [&](const StoredListing& stored) {
            last.take(stored);
        });
        last.finish();
    };
    while (sources->next()) {
        const Source source{.id = sources->integer(0), .name = std::string(sources->text(1))};
        const auto& wanted = filter.sources;
        if (!wanted.empty() && std::ranges::find(wanted, source.name) == wanted.end()) {
            continue;
        }
        for_each_part(isins, [&](std::span<const std::string> part) { read_part(source, part); });
    }
}

bool has_listing(Connection& connection, const ListingFilter& filter) {
    std::vector<Source> sources;
    const auto row = connection.query("SELECT id, name FROM source ORDER BY name", {});
    while (row->next()) {
        sources.push_back({.id = row->integer(0), .name = std::string(row->text(1))});
    }
    return std::ranges::any_of(sources, [&](const Source& source) {
        const auto& wanted = filter.sources;
        if (!wanted.empty() && std::ranges::find(wanted, source.name) == wanted.end()) {
            return false;
        }
        const Conditions conditions = conditions_of(filter, source.id, filter.isins);
        const std::string sql =
            fmt::format("SELECT 1 FROM listing WHERE {} LIMIT 1", conditions.text());
        return query_integer(connection, sql, conditions.parameters()).has_value();
    });
}

std::vector<std::string> stored_mics(Connection& connection) {
    const auto row = connection.query(
        "SELECT DISTINCT mic FROM listing WHERE closed_run IS NULL AND mic IS NOT NULL"
        " ORDER BY mic",
        {});
    std::vector<std::string> mics;
    while (row->next()) {
        mics.emplace_back(row->text(0));
    }
    return mics;
}

}  // namespace isinfetch
