// A store in a directory of its own, and short ways to fill it.
#pragma once

#include "store/merge.hpp"
#include "store/query.hpp"
#include "store/state.hpp"
#include "store/store.hpp"
#include "support/test_store.hpp"
#include "util/json.hpp"

#include <fmt/format.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

namespace isinfetch::test {

/// Not a valid ISIN, but of its shape: the store does not check digits.
inline std::string isin_of(int number) {
    return fmt::format("US{:010}", number);
}

inline Listing make_listing(const std::string& isin,
                            const std::string& venue,
                            const std::string& title = "Name") {
    Listing listing;
    listing[Field::isin] = isin;
    listing[Field::venue] = venue;
    listing[Field::name] = title;
    return listing;
}

/// Adds a listing that has its further columns as JSON.
inline void stage(const Listing& listing, Staging& staging) {
    const auto pairs = json_pairs(listing.other);
    Listing plain = listing;
    plain.other.clear();
    staging.add(plain, {pairs.begin(), pairs.end()});
}

/// Takes off what migration 4 added, so that a store looks like one of schema 3.
inline void take_off_newer_than_3(Connection& store) {
    store.script("DROP INDEX run_open");
    for (const char* column : {"last_status",
                               "failing_since",
                               "newest_publication",
                               "waiting_for",
                               "waiting_reason",
                               "waiting_since",
                               "waiting_behind",
                               "older_since",
                               "older_runs",
                               "lease_since"}) {
        store.script(fmt::format("ALTER TABLE source DROP COLUMN {}", column));
    }
}

/// Day n of a list's life.
inline std::string day(int number) {
    return fmt::format("2026-01-{:02}T06:00:00Z", number);
}

struct StoreFixture {
    TempDir directory;
    std::string path = (directory / "isinfetch.db").string();  ///< over SQLite
    TestStore place{directory};
    std::unique_ptr<Connection> store = open();
    int days = 0;  ///< published so far

    std::unique_ptr<Connection> open(StoreMode mode = StoreMode::read_write) const {
        return open_store({.location = place.location(),
                           .mode = mode,
                           .busy_timeout = std::chrono::milliseconds(20)});
    }

    std::int64_t count(const std::string& from) const {
        return query_integer(*store, "SELECT count(*) FROM " + from).value();
    }

    std::string text(const std::string& sql) const {
        return query_text(*store, sql).value_or("no row");
    }

    /// In the transaction that is open; over SQLite since the store was opened.
    std::int64_t rows_written() const {
        return query_integer(*store,
                             place.is_postgres()
                                 ? "SELECT n_tup_ins + n_tup_upd + n_tup_del"
                                   " FROM pg_stat_xact_user_tables WHERE relname = 'listing'"
                                 : "SELECT total_changes()")
            .value();
    }

    /// Rows of run, source and run_source for one more list of `source`; see MergePlan.
    MergePlan plan(const std::string& source) {
        ++days;
        const std::int64_t run = begin_run(
            *store,
            {.run_id = fmt::format("run-{}", days), .started = parse_time(day(days)).value()});
        SourceState state = load_state(*store, source);
        state.source = source;
        save_state(*store, state);
        const SourceReport report{
            .source = source, .status = SourceStatus::updated, .published = day(days)};
        const std::int64_t version = record_source(*store, run, state.id, report);
        return {.source = state.id, .run_source = version, .published = day(days)};
    }

    /// Merges inside a transaction of the caller's.
    MergeCounts merge(const MergePlan& plan, const std::vector<Listing>& listings) const {
        Staging staging(directory.path(), 1024 * 1024);
        for (const Listing& listing : listings) {
            stage(listing, staging);
        }
        staging.sort();
        return merge_snapshot(*store, plan, staging);
    }

    /// Publishes a list of `source` on the next day.
    MergeCounts publish(const std::vector<Listing>& listings,
                        const std::string& source = "list",
                        bool venue_is_mic = false) {
        Transaction transaction(*store);
        MergePlan next = plan(source);
        next.venue_is_mic = venue_is_mic;
        const MergeCounts counts = merge(next, listings);
        transaction.commit();
        return counts;
    }

    std::vector<StoredListing> read(const ListingFilter& filter = {}) const {
        std::vector<StoredListing> rows;
        for_each_listing(*store, filter, [&](const StoredListing& row) { rows.push_back(row); });
        return rows;
    }

    /// "US0000000001 XNAS", … in the order in which they come.
    std::vector<std::string> keys(const ListingFilter& filter = {}) const {
        std::vector<std::string> keys;
        for_each_listing(*store, filter, [&](const StoredListing& row) {
            keys.push_back(listing_key(row.listing));
        });
        return keys;
    }
};

}  // namespace isinfetch::test
