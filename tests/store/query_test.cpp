#include "store/query.hpp"

#include "store_fixture.hpp"
#include "support/catch.hpp"

#include <algorithm>

using namespace isinfetch;
using namespace isinfetch::test;

namespace {

using Keys = std::vector<std::string>;

Listing with(Listing listing, Field field, const std::string& value) {
    listing[field] = value;
    return listing;
}

/// Two sources, three days: on the third, "beta" has lost one row and changed another.
struct QueryFixture : StoreFixture {
    QueryFixture() {
        publish({with(make_listing("US0378331005", "XNAS"), Field::mic, "XNAS"),
                 with(make_listing("DE0007164600", "XETR"), Field::cfi, "ESVUFR")},
                "alpha");
        publish({with(make_listing("US0378331005", "q"), Field::lei, "HWUPKR0MPOU8FGXBT394"),
                 with(make_listing("UT0000000000", "q"), Field::cfi, "DBFTFB"),
                 with(make_listing("US5949181045", "q"), Field::cfi, "ESVUFR")},
                "beta");
        publish({with(make_listing("US0378331005", "q"), Field::lei, "5493000000000000000X"),
                 with(make_listing("UT0000000000", "q"), Field::cfi, "DBFTFB")},
                "beta");
    }
};

struct FilterCase {
    ListingFilter filter;
    Keys keys;
    const char* why;
};

std::string describe(const Change& change) {
    return fmt::format("{} {} {}",
                       name(change.kind),
                       change.before.isin().empty() ? "-" : listing_key(change.before),
                       change.after.isin().empty() ? "-" : listing_key(change.after));
}

Keys changes(const StoreFixture& fixture, std::int64_t from, std::int64_t to) {
    Keys lines;
    for_each_change(*fixture.store, "list", from, to, [&](const Change& change) {
        lines.push_back(describe(change));
    });
    return lines;
}

}  // namespace

TEST_CASE_METHOD(QueryFixture,
                 "filters combine, and rows come by source, ISIN and venue",
                 "[store][query][contract]") {
    const auto time = [](int number) { return parse_time(day(number)); };
    const std::vector<FilterCase> cases{
        {{},
         {"DE0007164600 XETR", "US0378331005 XNAS", "US0378331005 q", "UT0000000000 q"},
         "everything current"},
        {{.sources = {"beta"}}, {"US0378331005 q", "UT0000000000 q"}, "one source"},
        {{.sources = {"beta", "none", "alpha"}},
         {"DE0007164600 XETR", "US0378331005 XNAS", "US0378331005 q", "UT0000000000 q"},
         "the order of the sources in the filter does not matter"},
        {{.sources = {"none"}}, {}, "an unknown source"},
        {{.isins = {"US0378331005"}}, {"US0378331005 XNAS", "US0378331005 q"}, "one ISIN"},
        {{.isins = {"UT0000000000", "DE0007164600", "UT0000000000", "XX"}},
         {"DE0007164600 XETR", "UT0000000000 q"},
         "some ISINs, one of them twice"},
        {{.country = "US"},
         {"US0378331005 XNAS", "US0378331005 q"},
         "a prefix ends before the next"},
        {{.mic = "XNAS"}, {"US0378331005 XNAS"}, "a market"},
        {{.cfi = "ES"}, {"DE0007164600 XETR"}, "the beginning of a classification"},
        {{.cfi = "DBFTFB"}, {"UT0000000000 q"}, "a whole classification"},
        {{.lei = "HWUPKR0MPOU8FGXBT394"}, {}, "what was, but is no more"},
        {{.country = "US", .mic = "XNAS", .lei = "x"}, {}, "all of them must hold"},
        {{.as_of = time(1)}, {"DE0007164600 XETR", "US0378331005 XNAS"}, "beta was not there yet"},
        {{.as_of = time(2)},
         {"DE0007164600 XETR",
          "US0378331005 XNAS",
          "US0378331005 q",
          "US5949181045 q",
          "UT0000000000 q"},
         "the row that went away on the third day"},
        {{.as_of = time(20)},
         {"DE0007164600 XETR", "US0378331005 XNAS", "US0378331005 q", "UT0000000000 q"},
         "later than all lists: the current ones"},
        {{.as_of = parse_time("2025-01-01")}, {}, "before all lists"},
        {{.lei = "HWUPKR0MPOU8FGXBT394", .as_of = time(2)},
         {"US0378331005 q"},
         "filters hold for the past, too"},
        {{.sources = {"beta"}, .all_versions = true},
         {"US0378331005 q", "US0378331005 q", "US5949181045 q", "UT0000000000 q"},
         "all versions"},
        {{.sources = {"beta"}, .as_of = time(2), .all_versions = true},
         {"US0378331005 q", "US5949181045 q", "UT0000000000 q"},
         "all versions until then"},
    };
    for (const FilterCase& row : cases) {
        CAPTURE(row.why);
        CHECK(keys(row.filter) == row.keys);
    }
}

TEST_CASE_METHOD(QueryFixture, "versions of a key come oldest first", "[store][query][contract]") {
    const auto rows = read({.sources = {"beta"}, .isins = {"US0378331005"}, .all_versions = true});
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].listing[Field::lei] == "HWUPKR0MPOU8FGXBT394");
    CHECK(rows[0].published == day(2));
    CHECK(rows[0].superseded == day(3));
    CHECK(rows[0].closed_as == "changed");
    CHECK(rows[1].listing[Field::lei] == "5493000000000000000X");
    CHECK(rows[1].superseded.empty());
    CHECK(rows[1].source == "beta");
}

TEST_CASE_METHOD(StoreFixture,
                 "thousands of ISINs can be asked for at once",
                 "[store][query][contract]") {
    std::vector<Listing> list;
    ListingFilter filter;
    for (int number = 0; number < 3000; ++number) {
        list.push_back(make_listing(isin_of(number), "A"));
        filter.isins.push_back(isin_of(2 * (3000 - number)));
    }
    publish(list);
    const auto found = keys(filter);
    CHECK(found.size() == 1499);
    CHECK(std::is_sorted(found.begin(), found.end()));
}

TEST_CASE_METHOD(StoreFixture,
                 "a sink may write and ask while it is told",
                 "[store][query][contract]") {
    publish({make_listing(isin_of(1), "A"), make_listing(isin_of(2), "A")});
    std::size_t inner = 0;
    for_each_listing(*store, {}, [&](const StoredListing&) { inner += keys().size(); });
    CHECK(inner == 4);
}

TEST_CASE_METHOD(StoreFixture,
                 "versions are listed oldest first, with their counts",
                 "[store][query][contract]") {
    CHECK(list_versions(*store, "list").empty());
    publish({make_listing(isin_of(1), "A")});
    publish({}, "another");
    publish({make_listing(isin_of(2), "A")});
    store->script("UPDATE run_source SET added = 7 WHERE run_id = 3");
    const auto versions = list_versions(*store, "list");
    REQUIRE(versions.size() == 2);
    CHECK(versions[0].published == day(1));
    CHECK(versions[1].published == day(3));
    CHECK(versions[1].applied == day(3));
    CHECK(versions[1].counts.added == 7);
    CHECK(versions[0].run_source < versions[1].run_source);
}

TEST_CASE_METHOD(StoreFixture, "only updated lists are versions", "[store][query][contract]") {
    publish({make_listing(isin_of(1), "A")});
    publish({make_listing(isin_of(1), "A")});
    publish({make_listing(isin_of(1), "A")});
    store->script(
        "UPDATE run_source SET status = 'unchanged' WHERE run_id = 2;"
        "UPDATE run SET dry_run = 1 WHERE id = 3");
    CHECK(list_versions(*store, "list").size() == 1);
}

TEST_CASE_METHOD(StoreFixture,
                 "runs come newest first, as many as asked for",
                 "[store][query][contract]") {
    publish({make_listing(isin_of(1), "A")}, "one");
    publish({make_listing(isin_of(1), "A")}, "two");
    publish({}, "one");
    store->script(
        "UPDATE run_source SET error = 'one: broken', status = 'failed', seen = 9"
        " WHERE run_id = 3");
    const auto runs = [this](const std::string& source, std::int64_t limit) {
        std::string text;
        for_each_run(*store, source, limit, [&](const RunEntry& run) {
            text += fmt::format("{} {} {} {} {} {} {};",
                                run.run_id,
                                run.started,
                                run.source,
                                run.status,
                                run.error,
                                run.published,
                                run.counts.seen);
        });
        return text;
    };
    const std::string third = "run-3 " + day(3) + " one failed one: broken " + day(3) + " 9;";
    const std::string second = "run-2 " + day(2) + " two updated  " + day(2) + " 0;";
    CHECK(runs("", 2) == third + second);
    CHECK(runs("one", 1) == third);
    CHECK(runs("two", 10) == second);
    CHECK(runs("none", 10).empty());
}

TEST_CASE_METHOD(StoreFixture,
                 "a difference is told in either direction",
                 "[store][query][contract]") {
    publish({make_listing(isin_of(1), "A", "x"),
             make_listing(isin_of(2), "A"),
             make_listing(isin_of(3), "A", "low")});
    publish({make_listing(isin_of(1), "A", "y"),
             make_listing(isin_of(3), "A", "LOW"),
             make_listing(isin_of(4), "A")});
    const auto versions = list_versions(*store, "list");
    const auto first = versions.at(0).run_source;
    const auto second = versions.at(1).run_source;
    CHECK(changes(*this, first, second) == Keys{"changed US0000000001 A US0000000001 A",
                                                "removed US0000000002 A -",
                                                "cosmetic US0000000003 A US0000000003 A",
                                                "added - US0000000004 A"});
    CHECK(changes(*this, second, first) == Keys{"changed US0000000001 A US0000000001 A",
                                                "added - US0000000002 A",
                                                "cosmetic US0000000003 A US0000000003 A",
                                                "removed US0000000004 A -"});
    CHECK(changes(*this, second, second).empty());
    CHECK(changes(*this, 0, second) ==
          Keys{"added - US0000000001 A", "added - US0000000003 A", "added - US0000000004 A"});
}

TEST_CASE_METHOD(StoreFixture,
                 "what changed and changed back is no difference",
                 "[store][query][contract]") {
    publish({make_listing(isin_of(1), "A", "x"), make_listing(isin_of(2), "A")});
    publish({make_listing(isin_of(1), "A", "y")});
    publish({make_listing(isin_of(1), "A", "x"), make_listing(isin_of(2), "A")});
    const auto versions = list_versions(*store, "list");
    CHECK(changes(*this, versions[0].run_source, versions[2].run_source).empty());
    CHECK(changes(*this, versions[0].run_source, versions[1].run_source).size() == 2);
}

TEST_CASE_METHOD(StoreFixture, "the kinds of change have names", "[store][query]") {
    CHECK(name(ChangeKind::added) == "added");
    CHECK(name(ChangeKind::removed) == "removed");
    CHECK(name(ChangeKind::changed) == "changed");
    CHECK(name(ChangeKind::cosmetic) == "cosmetic");
}
