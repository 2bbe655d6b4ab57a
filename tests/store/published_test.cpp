#include "events_fixture.hpp"
#include "store/query.hpp"
#include "support/catch.hpp"

#include <algorithm>

using namespace isinfetch;
using namespace isinfetch::test;

namespace {

using Lines = std::vector<std::string>;

/// "added US0000000001 A", … in the order in which they come.
Lines changes(const StoreFixture& fixture, const PublishedFilter& filter = {}) {
    Lines lines;
    for_each_published_change(*fixture.store, filter, [&](const PublishedChange& change) {
        lines.push_back(fmt::format("{} {}", change.kind, listing_key(change.listing)));
    });
    return lines;
}

/// Three days of one list and one of another.
struct PublishedFixture : StoreFixture {
    PublishedFixture() {
        publish({make_listing(isin_of(1), "A", "x"), make_listing(isin_of(2), "A", "x")});
        publish({make_listing(isin_of(3), "A", "x"),
                 make_listing(isin_of(1), "A", "y"),
                 make_listing(isin_of(4), "A")});
        publish({make_listing(isin_of(9), "A")}, "other");
        publish({make_listing(isin_of(1), "A", "Y"), make_listing(isin_of(3), "A", "x")});
    }
};

struct FilterCase {
    PublishedFilter filter;
    Lines lines;
    const char* why;
};

}  // namespace

TEST_CASE_METHOD(PublishedFixture,
                 "changes come by publication, ISIN and venue, as many as are wanted",
                 "[store][changes]") {
    const Lines first{"added US0000000001 A", "added US0000000002 A"};
    const Lines second{"changed US0000000001 A",
                       "removed US0000000002 A",
                       "added US0000000003 A",
                       "added US0000000004 A"};
    const Lines third{"added US0000000009 A"};
    const Lines fourth{"cosmetic US0000000001 A", "removed US0000000004 A"};
    const auto join = [](std::initializer_list<Lines> parts) {
        Lines all;
        for (const Lines& part : parts) {
            all.insert(all.end(), part.begin(), part.end());
        }
        return all;
    };
    const std::vector<FilterCase> cases{
        {{}, join({first, second, third, fourth}), "everything"},
        {{.since = parse_time(day(2))}, join({second, third, fourth}), "since, inclusive"},
        {{.until = parse_time(day(2))}, join({first, second}), "until, inclusive"},
        {{.since = parse_time(day(2)), .until = parse_time(day(3))},
         join({second, third}),
         "a span"},
        {{.since = parse_time(day(5))}, {}, "nothing is that new"},
        {{.sources = {"other"}}, third, "one source"},
        {{.sources = {"none"}}, {}, "an unknown source"},
        {{.kinds = {"removed"}}, {second[1], fourth[1]}, "an ending"},
        {{.kinds = {"cosmetic", "changed"}}, {second[0], fourth[0]}, "several kinds"},
        {{.kinds = {"terminated"}}, {}, "a kind that did not come"},
        {{.since = parse_time(day(4)), .by_run = true}, fourth, "by the time of the run"},
    };
    for (const FilterCase& row : cases) {
        CAPTURE(row.why);
        CHECK(changes(*this, row.filter) == row.lines);
    }
}

TEST_CASE_METHOD(PublishedFixture, "a change tells what it is about", "[store][changes]") {
    std::vector<PublishedChange> found;
    for_each_published_change(*store,
                              {.kinds = {"removed"}, .since = parse_time(day(4))},
                              [&](const auto& change) { found.push_back(change); });
    REQUIRE(found.size() == 1);
    CHECK(found[0].source == "list");
    CHECK(found[0].published == day(4));
    CHECK(found[0].seen == day(4));
    CHECK(found[0].run_id == "run-4");
    CHECK(found[0].listing.isin() == isin_of(4));
    CHECK(found[0].listing[Field::name] == "Name");
}

TEST_CASE_METHOD(EventsFixture, "events have kinds of their own", "[store][changes]") {
    apply({1, true, {event(Event::listed, 1, "A", "x", 1), event(Event::listed, 2, "A", "x", 1)}});
    apply({2,
           false,
           {event(Event::terminated, 1, "A", "x", 2), event(Event::cancelled, 2, "A", "", 2)}});
    apply({3, true, {event(Event::listed, 3, "A", "x", 3)}});
    apply({4, true, {event(Event::listed, 4, "A", "x", 3)}});
    store->script(
        "UPDATE run_source SET published = (SELECT max(coalesce(superseded, published))"
        " FROM listing WHERE added_run = run_source.id)");
    CHECK(changes(*this) == Lines{"added US0000000001 A",
                                  "added US0000000002 A",
                                  "terminated US0000000001 A",
                                  "cancelled US0000000002 A",
                                  "reconciled US0000000003 A",
                                  "missing_in_full US0000000003 A",
                                  "reconciled US0000000004 A"});
}

TEST_CASE("every kind of change is one that the schema knows", "[store][changes]") {
    const auto kinds = change_kinds();
    CHECK(kinds.size() == 8);
    CHECK(std::ranges::find(kinds, "missing_in_full") != kinds.end());
}
