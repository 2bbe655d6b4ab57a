#include "store/merge.hpp"

#include "store/columns.hpp"
#include "store/match.hpp"
#include "util/error.hpp"
#include "util/interrupt.hpp"

#include <fmt/format.h>

#include <array>
#include <bitset>
#include <utility>

namespace isinfetch {

namespace {

constexpr std::size_t kConflictSamples = 20;
constexpr std::size_t kRowsRead = 1000;   // at once
constexpr std::size_t kRowsWritten = 64;  // per statement; more is hardly faster

/// The current list in key order. Reads page by page, each beginning after the last key of the one
/// before, so that what is written meanwhile cannot disturb it.
class CurrentListings {
public:
    CurrentListings(Connection& connection, std::int64_t source)
        : connection_(connection),
          source_(source),
          sql_(fmt::format("SELECT {} FROM listing WHERE source_id = $1 AND closed_run IS NULL"
                           " AND (isin, venue) > ($2, $3) ORDER BY isin, venue LIMIT {}",
                           listing_columns(),
                           kRowsRead)),
          page_(kRowsRead) {}

    bool next(Listing& listing) {
        if (position_ == size_ && !read_page()) {
            return false;
        }
        std::swap(listing, page_[position_++]);
        return true;
    }

private:
    bool read_page() {
        stop_if_interrupted();
        position_ = 0;
        size_ = 0;
        const std::array<Parameter, 3> parameters{source_, isin_, venue_};
        const auto cursor = connection_.query(sql_, parameters);
        while (cursor->next()) {
            read_listing(*cursor, 0, page_[size_++]);
        }
        if (size_ > 0) {
            isin_ = page_[size_ - 1].isin();
            venue_ = page_[size_ - 1].venue();
        }
        return size_ > 0;
    }

    Connection& connection_;
    std::int64_t source_;
    std::string sql_;
    std::vector<Listing> page_;
    std::size_t position_ = 0;
    std::size_t size_ = 0;
    std::string isin_{};  // of the last row read
    std::string venue_{};
};

/// Which fields are written at all; the others stay NULL. The last one is `other`.
using UsedColumns = std::bitset<kListingColumns>;

/// "INSERT … VALUES ($1, $2, $3, $4, …), (…)": the values that all rows have in common come first.
std::string insert_text(const UsedColumns& used, std::size_t rows) {
    std::string text = "INSERT INTO listing (source_id, published, added_run, opened_as";
    for (std::size_t i = 0; i < kFieldCount; ++i) {
        text += used[i] ? fmt::format(", {}", field_table()[i].name) : "";
    }
    text += used[kFieldCount] ? ", other) VALUES " : ") VALUES ";
    std::size_t number = 3;
    for (std::size_t row = 0; row < rows; ++row) {
        text += row == 0 ? "($1, $2, $3" : ", ($1, $2, $3";
        for (std::size_t column = 0; column <= used.count(); ++column) {
            text += fmt::format(", ${}", ++number);
        }
        text += ')';
    }
    return text;
}

/// Collects new versions and writes many of them with one statement. Most lists fill few columns:
/// to write only those saves a fifth of a first load.
class NewVersions {
public:
    NewVersions(Connection& connection, const MergePlan& plan)
        : connection_(connection), plan_(plan), rows_(kRowsWritten) {
        use({0b11});  // the key
    }

    /// Takes the listing's strings. `opened_as` is a literal.
    void add(Listing& listing, std::string_view opened_as) {
        std::swap(rows_[size_].listing, listing);
        rows_[size_].opened_as = opened_as;
        if (++size_ == kRowsWritten) {
            note_columns();
            write(many_, rows_);
            size_ = 0;
        }
    }

    /// Writes what is left.
    void finish() {
        note_columns();
        for (std::size_t i = 0; i < size_; ++i) {
            write(one_, std::span(rows_).subspan(i, 1));
        }
        size_ = 0;
    }

private:
    struct Row {
        Listing listing{};
        std::string_view opened_as{};
    };

    void use(const UsedColumns& columns) {
        used_ = columns;
        many_ = insert_text(used_, kRowsWritten);
        one_ = insert_text(used_, 1);
    }

    // Columns are only ever added: there are no more different statements than there are columns.
    void note_columns() {
        UsedColumns columns = used_;
        for (const Row& row : std::span(rows_).first(size_)) {
            for (std::size_t i = kFirstFact; i < kFieldCount; ++i) {
                columns[i] = columns[i] || !row.listing.fields[i].empty();
            }
            columns[kFieldCount] = columns[kFieldCount] || !row.listing.other.empty();
        }
        if (columns != used_) {
            use(columns);
        }
    }

    void write(const std::string& sql, std::span<const Row> rows) {
        stop_if_interrupted();
        parameters_ = {plan_.source, plan_.published, plan_.run_source};
        for (const Row& row : rows) {
            append(row);
        }
        connection_.execute(sql, parameters_);
    }

    void append(const Row& row) {
        const auto& fields = row.listing.fields;
        parameters_.emplace_back(row.opened_as);
        parameters_.insert(parameters_.end(), fields.begin(), fields.begin() + kFirstFact);
        for (std::size_t i = kFirstFact; i < kFieldCount; ++i) {
            if (used_[i]) {
                parameters_.push_back(or_null(fields[i]));
            }
        }
        if (used_[kFieldCount]) {
            parameters_.push_back(or_null(row.listing.other));
        }
    }

    Connection& connection_;
    const MergePlan& plan_;
    std::vector<Row> rows_;
    std::size_t size_ = 0;
    std::vector<Parameter> parameters_{};
    UsedColumns used_{};
    std::string many_{};
    std::string one_{};
};

class Merge {
public:
    Merge(Connection& connection, const MergePlan& plan, Staging& staging)
        : connection_(connection),
          plan_(plan),
          staging_(staging),
          current_(connection, plan.source),
          versions_(connection, plan),
          tail_(plan.tail.begin(), plan.tail.end()) {}

    MergeCounts run() {
        IsinGroups before([this](Listing& listing) { return current_.next(listing); });
        IsinGroups after([this](Listing& listing) { return staging_.next(listing); },
                         [this](const Listing& kept, const Listing& repeated) {
                             note_duplicate(kept, repeated);
                         });
        walk_groups(before, after, [this](std::span<Listing> old, std::span<Listing> fresh) {
            apply(old, fresh);
        });
        versions_.finish();
        return std::move(counts_);
    }

private:
    void apply(std::span<Listing> before, std::span<Listing> after) {
        counts_.isins += after.empty() ? 0U : 1U;
        counts_.listings += after.size();
        const auto leftovers = plan_.venue_is_mic ? Leftovers::separate : Leftovers::pair;
        for (const RowPair& pair : match_rows(before, after, leftovers)) {
            if (!pair.before) {
                ++counts_.added;
                versions_.add(after[*pair.after], "added");
            } else if (!pair.after) {
                remove(before[*pair.before]);
            } else if (pair.difference != Difference::none) {
                replace(before[*pair.before], after[*pair.after], pair.difference);
            }
        }
    }

    void remove(const Listing& listing) {
        ++counts_.removed;
        close(listing, "removed");
        if (std::string key = listing_key(listing); tail_.contains(key)) {
            counts_.removed_tail.insert(std::move(key));
        }
    }

    void replace(const Listing& before, Listing& after, Difference difference) {
        const bool is_cosmetic = difference == Difference::cosmetic;
        ++(is_cosmetic ? counts_.cosmetic : counts_.changed);
        const std::string_view kind = is_cosmetic ? "cosmetic" : "changed";
        close(before, kind);
        versions_.add(after, kind);
    }

    // By key rather than id: the entry of the index must be found anyway, to be taken out.
    void close(const Listing& listing, std::string_view closed_as) {
        const std::array<Parameter, 6> parameters{plan_.published,
                                                  plan_.run_source,
                                                  closed_as,
                                                  plan_.source,
                                                  listing.isin(),
                                                  listing.venue()};
        const std::int64_t rows = connection_.execute(
            "UPDATE listing SET superseded = $1, closed_run = $2, closed_as = $3"
            " WHERE source_id = $4 AND isin = $5 AND venue = $6 AND closed_run IS NULL",
            parameters);
        if (rows != 1) {
            fail(ErrorKind::io, "{}: {} current versions in the store", listing_key(listing), rows);
        }
    }

    void note_duplicate(const Listing& kept, const Listing& repeated) {
        ++counts_.duplicates;
        if (kept != repeated && counts_.conflicts.size() < kConflictSamples) {
            counts_.conflicts.push_back({.reason = "duplicate key",
                                         .value = repeated.isin(),
                                         .text = fmt::format("venue {}", repeated.venue())});
        }
    }

    Connection& connection_;
    const MergePlan& plan_;
    Staging& staging_;
    CurrentListings current_;
    NewVersions versions_;
    std::unordered_set<std::string> tail_;
    MergeCounts counts_{};
};

}  // namespace

std::string listing_key(const Listing& listing) {
    return fmt::format("{} {}", listing.isin(), listing.venue());
}

MergeCounts merge_snapshot(Connection& connection, const MergePlan& plan, Staging& staging) {
    return Merge(connection, plan, staging).run();
}

}  // namespace isinfetch
