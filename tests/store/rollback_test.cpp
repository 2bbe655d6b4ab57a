#include "store/rollback.hpp"

#include "events_fixture.hpp"
#include "store/gap.hpp"
#include "support/catch.hpp"
#include "support/rounds.hpp"
#include "util/error.hpp"

#include <random>

using namespace isinfetch;
using namespace isinfetch::test;

namespace {

using Rows = std::vector<std::string>;

/// Merges that keep what was before, as the runs of job/ do.
struct RollbackFixture : EventsFixture {
    SourceState state() const { return load_state(*store, "list"); }

    /// Everything that a merge may change, row by row.
    Rows everything() const {
        Rows rows;
        add_rows(13,
                 "id, isin, venue, name, published, superseded, valid_from, valid_to, cancelled,"
                 " added_run, closed_run, opened_as, closed_as FROM listing ORDER BY id",
                 rows);
        add_rows(3, "day, noticed_run, filled_run FROM gap ORDER BY day", rows);
        add_rows(5,
                 "run_source_id, listing_id, published, superseded, closed_run FROM undo"
                 " ORDER BY id",
                 rows);
        add_rows(17,
                 "coalesce(url, ''), sha256, etag, last_modified, published, cursor, encoding,"
                 " mapping, line_end, tail, records, head, last_attempt, last_success,"
                 " last_change, failures, last_error FROM source ORDER BY id",
                 rows);
        return rows;
    }

    void add_rows(int columns, const std::string& query, Rows& rows) const {
        const auto row = store->query("SELECT " + query, {});
        while (row->next()) {
            std::string& text = rows.emplace_back();
            for (int column = 0; column < columns; ++column) {
                text += '|';
                text += row->text(column);
            }
        }
    }

    /// One more run of "list". `change` merges and says how many listings there are.
    template <class Change>
    void run(MergeKind kind, const std::string& published, Change change) {
        Transaction transaction(*store);
        const SourceState previous = state();
        MergePlan next = plan("list");
        next.published = published;
        next.records = previous.records;
        next.lists = full_lists_around(*store, next.source, published);
        next.is_late = previous.published > published;
        const MergeCounts counts = change(next);
        SourceState now = state();
        now.records = static_cast<std::int64_t>(counts.listings);
        now.head = next.run_source;
        now.published = std::max(previous.published, published);
        now.url = "https://x.example/\"" + published;
        now.sha256 = fmt::format("{:064}", days);
        now.cursor = kind == MergeKind::events ? "delta=" + published.substr(0, 10) : "";
        now.tail = {"a", fmt::format("b{}\n", days)};
        now.line_end = days % 2 == 0;
        now.last_success = parse_time(day(days));
        save_state(*store, now);
        record_gap(*store, next.source, next.run_source, fmt::format("2025-01-{:02}", days));
        fill_gap(*store, next.source, next.run_source, fmt::format("2025-01-{:02}", days - 2));
        keep_previous(*store, next.run_source, previous, kind);
        transaction.commit();
    }

    void run(const std::vector<Listing>& listings) {
        run(MergeKind::list, day(days + 1), [&](const MergePlan& next) {
            return merge(next, listings);
        });
    }

    void run(const Publication& publication) {
        run(MergeKind::events, day(publication.date), [&](const MergePlan& next) {
            Staging staging(directory.path(), 1024 * 1024);
            for (const Listing& record : publication.records) {
                stage(record, staging);
            }
            staging.sort();
            if (publication.full) {
                record_file(*store,
                            next.source,
                            next.run_source,
                            {.name = "full", .published = next.published});
            }
            return publication.full ? merge_full(*store, next, staging)
                                    : merge_events(*store, next, staging);
        });
    }

    Undone roll_back(const std::string& run = {}) const {
        Transaction transaction(*store);
        const auto merges = merges_to_undo(*store, state(), run);
        const std::int64_t key = begin_run(
            *store, {.run_id = fmt::format("rollback-{}", count("run")), .started = now()});
        const std::int64_t by = record_source(
            *store, key, state().id, {.source = "list", .status = SourceStatus::updated});
        store->script(fmt::format(
            "UPDATE run_source SET undoes = {} WHERE id = {}", merges.back().run_source, by));
        Undone undone = undo_merges(*store, state(), merges, by);
        save_state(*store, undone.state);
        transaction.commit();
        return undone;
    }
};

std::vector<Listing> random_list(std::mt19937& dice) {
    std::vector<Listing> list;
    for (int number = 0; number < 12; ++number) {
        if (dice() % 3 != 0) {
            list.push_back(make_listing(
                isin_of(number), dice() % 2 == 0 ? "A" : "B", std::string(1 + dice() % 2, 'x')));
        }
    }
    return list;
}

}  // namespace

TEST_CASE_METHOD(RollbackFixture, "a list undone leaves the store as it was", "[store][rollback]") {
    std::mt19937 dice(GENERATE(range(0U, rounds(24))));
    std::vector<Rows> before;
    for (int number = 0; number < 6; ++number) {
        run(random_list(dice));
        before.push_back(everything());
    }
    const int back = 1 + static_cast<int>(dice() % 5);
    for (int number = 4; number >= 5 - back; --number) {
        roll_back();
        CHECK(everything() == before[static_cast<std::size_t>(number)]);
    }
    CHECK(count("listing WHERE closed_run IS NULL") == state().records);
    run(random_list(dice));
    roll_back();
    CHECK(everything() == before[static_cast<std::size_t>(5 - back)]);
}

TEST_CASE_METHOD(RollbackFixture,
                 "events undone leave the store as it was, in whatever order they came",
                 "[store][rollback]") {
    std::mt19937 dice(GENERATE(range(0U, rounds(40))));
    Market market;
    for (int date = 1; date <= 12; ++date) {
        market.live(date, dice);
        if (dice() % 4 == 0) {
            market.list_all(date, &dice);
        }
    }
    auto& publications = market.publications;
    if (dice() % 3 != 0) {
        std::ranges::shuffle(publications, dice);
    }
    std::vector<Rows> before{everything()};
    for (const Publication& publication : publications) {
        run(publication);
        before.push_back(everything());
    }
    std::size_t applied = publications.size();
    while (applied > publications.size() / 2) {
        roll_back();
        REQUIRE(everything() == before[--applied]);
    }
    for (; applied < publications.size(); ++applied) {
        run(publications[applied]);
    }
    CHECK(dump().size() >= 1);
    CHECK(count("listing WHERE closed_run IS NULL") == state().records);
}

TEST_CASE_METHOD(RollbackFixture,
                 "several runs are undone at once, back to the one that is named",
                 "[store][rollback]") {
    run({make_listing(isin_of(1), "A")});
    const Rows before = everything();
    run({make_listing(isin_of(2), "A")});
    run({make_listing(isin_of(3), "A"), make_listing(isin_of(2), "A", "y")});
    const Undone undone = roll_back("run-2");
    CHECK(everything() == before);
    CHECK(undone.removed == 3);
    CHECK(undone.reopened == 2);
    CHECK(count("run_source WHERE undone_run IS NOT NULL") == 2);
    CHECK(list_versions(*store, "list").size() == 1);
}

TEST_CASE_METHOD(RollbackFixture, "the first list can be undone, too", "[store][rollback]") {
    run({make_listing(isin_of(1), "A")});
    roll_back();
    CHECK(count("listing") == 0);
    CHECK(state().head == 0);
    CHECK(state().sha256.empty());
    CHECK(merges_to_undo(*store, state(), "").empty());
    run({make_listing(isin_of(1), "A")});
    CHECK(count("listing") == 1);
}

TEST_CASE_METHOD(RollbackFixture, "a run is named by its beginning alone", "[store][rollback]") {
    for (int number = 1; number <= 12; ++number) {
        run({make_listing(isin_of(number), "A")});
    }
    CHECK(merges_to_undo(*store, state(), "run-12").size() == 1);
    CHECK(merges_to_undo(*store, state(), "run-9").size() == 4);
    CHECK(merges_to_undo(*store, state(), "run-1").size() == 12);
    CHECK_THROWS_WITH(merges_to_undo(*store, state(), "run"),
                      ContainsSubstring("several runs begin with 'run'"));
    CHECK_THROWS_WITH(merges_to_undo(*store, state(), "none"), ContainsSubstring("no run 'none'"));
}

TEST_CASE_METHOD(RollbackFixture, "what was not kept cannot be undone", "[store][rollback]") {
    run({make_listing(isin_of(1), "A")});
    run({make_listing(isin_of(2), "A")});
    store->script("UPDATE run_source SET previous = NULL WHERE id = 2");
    const Rows before = everything();
    CHECK_THROWS_WITH(roll_back(), ContainsSubstring("cannot be undone: what was there before"));
    CHECK(everything() == before);
}

TEST_CASE_METHOD(RollbackFixture, "what does not come out is not undone", "[store][rollback]") {
    run({make_listing(isin_of(1), "A")});
    run({make_listing(isin_of(2), "A")});
    store->script("DELETE FROM listing WHERE closed_run = 2");
    const Rows before = everything();
    CHECK_THROWS_WITH(roll_back(), ContainsSubstring("gives 0 listings instead of 1"));
    CHECK(everything() == before);
}
