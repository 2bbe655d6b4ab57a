// How SQLite finds what is asked for most: by an index, in its order, without sorting. A store of
// millions of listings must not be read through for one of them.
#include "store/merge.hpp"
#include "store/query.hpp"
#include "store_fixture.hpp"
#include "support/catch.hpp"

#include <algorithm>
#include <functional>

using namespace isinfetch;
using namespace isinfetch::test;

namespace {

/// Passes everything on, and keeps the plan of each query about listings.
class Planner final : public Connection {
public:
    explicit Planner(Connection& store) : store_(store) {}

    std::unique_ptr<Cursor> query(std::string_view sql,
                                  std::span<const Parameter> parameters) override {
        note(sql, parameters);
        return store_.query(sql, parameters);
    }
    std::int64_t execute(std::string_view sql, std::span<const Parameter> parameters) override {
        note(sql, parameters);
        return store_.execute(sql, parameters);
    }
    void script(std::string_view sql) override { store_.script(sql); }
    std::unique_ptr<Cursor> stream(std::string_view sql,
                                   std::span<const Parameter> parameters) override {
        note(sql, parameters);
        return store_.stream(sql, parameters);
    }
    void expect_first_load(bool is_first) override { store_.expect_first_load(is_first); }

    std::string plan{};  ///< "SEARCH listing USING INDEX …;" of every one

private:
    void note(std::string_view sql, std::span<const Parameter> parameters) {
        if (sql.find("listing") == std::string_view::npos) {
            return;
        }
        const auto row = store_.query(fmt::format("EXPLAIN QUERY PLAN {}", sql), parameters);
        while (row->next()) {
            plan += fmt::format("{};", row->text(3));
        }
    }

    Connection& store_;
};

/// Some days of two lists.
struct PlansFixture : StoreFixture {
    PlansFixture() {
        for (int number = 0; number < 5; ++number) {
            publish({make_listing(isin_of(number), "A"), make_listing(isin_of(9), "A")});
            publish({make_listing(isin_of(number), "B")}, "other");
        }
    }

    std::string plan_of(const std::function<void(Connection&)>& ask) const {
        Planner planner(*store);
        ask(planner);
        return planner.plan;
    }

    std::int64_t version(std::size_t number) const {
        return list_versions(*store, "list").at(number).run_source;
    }

    void find(Connection& connection, const ListingFilter& filter) const {
        for_each_listing(connection, filter, [](const StoredListing&) {});
    }

    void differ(Connection& connection, std::int64_t from, std::int64_t to) const {
        for_each_change(connection, "list", from, to, [](const Change&) {});
    }
};

struct PlanCase {
    const char* why;
    std::function<void(Connection&)> ask;
    const char* index;
};

}  // namespace

TEST_CASE_METHOD(PlansFixture, "one ISIN is found by an index", "[store][plans]") {
    const std::string isin = isin_of(9);
    const std::vector<PlanCase> cases{
        {"lookup", [&](Connection& asked) { find(asked, {.isins = {isin}}); }, "listing_"},
        {"lookup of several",
         [&](Connection& asked) {
             find(asked, {.isins = {isin, isin_of(3)}});
         },
         "listing_"},
        {"lookup --history",
         [&](Connection& asked) { find(asked, {.isins = {isin}, .all_versions = true}); },
         "listing_key (isin=? AND source_id=?)"},
        {"lookup --as-of",
         [&](Connection& asked) { find(asked, {.isins = {isin}, .as_of = parse_time(day(3))}); },
         "listing_key (isin=? AND source_id=?)"},
        {"the view instrument",
         [&](Connection& asked) {
             query_text(asked,
                        "SELECT name FROM instrument l WHERE isin = 'US0000000009'"
                        " /* listing */");
         },
         "listing_key (isin=?)"},
    };
    for (const PlanCase& row : cases) {
        CAPTURE(row.why);
        const std::string plan = plan_of(row.ask);
        CAPTURE(plan);
        CHECK(plan.find(row.index) != std::string::npos);
        CHECK(plan.find("SCAN l") == std::string::npos);
        CHECK(plan.find("TEMP B-TREE FOR ORDER BY") == std::string::npos);
    }
}

TEST_CASE_METHOD(PlansFixture, "what changed is read in the order of an index", "[store][plans]") {
    const std::vector<PlanCase> cases{
        {"diff of two days",
         [&](Connection& asked) { differ(asked, version(3), version(4)); },
         "listing_added (added_run=?)"},
        {"diff of several days, backwards",
         [&](Connection& asked) { differ(asked, version(4), version(1)); },
         "listing_closed (closed_run=?)"},
        {"changes",
         [&](Connection& asked) {
             for_each_published_change(asked, {}, [](const PublishedChange&) {});
         },
         "listing_added (added_run=?)"},
        {"what changes ended",
         [&](Connection& asked) {
             for_each_published_change(asked, {}, [](const PublishedChange&) {});
         },
         "listing_ended (closed_run=?)"},
        {"changes of one kind",
         [&](Connection& asked) {
             for_each_published_change(
                 asked, {.kinds = {"removed"}}, [](const PublishedChange&) {});
         },
         "listing_ended (closed_run=?)"},
    };
    for (const PlanCase& row : cases) {
        CAPTURE(row.why);
        const std::string plan = plan_of(row.ask);
        CAPTURE(plan);
        CHECK(plan.find(row.index) != std::string::npos);
        CHECK(plan.find("SCAN") == std::string::npos);
        CHECK(plan.find("TEMP B-TREE") == std::string::npos);
    }
}

TEST_CASE_METHOD(PlansFixture,
                 "a whole list comes in order without being sorted",
                 "[store][plans]") {
    const std::vector<PlanCase> cases{
        {"list", [&](Connection& asked) { find(asked, {}); }, "listing_"},
        {"list --as-of",
         [&](Connection& asked) { find(asked, {.as_of = parse_time(day(3))}); },
         "listing_"},
        {"list --country", [&](Connection& asked) { find(asked, {.country = "US"}); }, "listing_"},
        {"diff from the beginning",
         [&](Connection& asked) { differ(asked, 0, version(4)); },
         "listing_key"},
        {"a merge's reading of the current list",
         [&](Connection& asked) {
             Staging staging(directory.path(), 1024 * 1024);
             staging.sort();
             Transaction transaction(asked);
             merge_snapshot(asked, {.source = 1, .run_source = 1, .published = day(20)}, staging);
         },
         "listing_current_key (source_id=? AND (isin,venue)>(?,?))"},
    };
    for (const PlanCase& row : cases) {
        CAPTURE(row.why);
        const std::string plan = plan_of(row.ask);
        CAPTURE(plan);
        CHECK(plan.find(row.index) != std::string::npos);
        CHECK(plan.find("TEMP B-TREE") == std::string::npos);
    }
}
