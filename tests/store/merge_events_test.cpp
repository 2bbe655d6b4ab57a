#include "events_fixture.hpp"
#include "store/history.hpp"
#include "store/merge.hpp"
#include "support/catch.hpp"
#include "support/rounds.hpp"

#include <algorithm>
#include <random>

using namespace isinfetch;
using namespace isinfetch::test;

TEST_CASE_METHOD(EventsFixture, "a first full list is a list", "[store][events][contract]") {
    const auto counts = apply({2, true, {event(Event::listed, 1, "XLON", "A", 1)}});
    CHECK(counts.added == 1);
    CHECK(counts.reconciled == 0);
    CHECK(dump() == std::vector<std::string>{"US0000000001 XLON A 2026-01-02T06:00:00Z - added - "
                                             "2026-01-01 - -"});
}

TEST_CASE_METHOD(EventsFixture, "events are counted by what they do", "[store][events][contract]") {
    apply({1,
           true,
           {event(Event::listed, 1, "XLON", "A", 1),
            event(Event::listed, 2, "XLON", "A", 1),
            event(Event::listed, 3, "XLON", "A", 1)}});
    const auto counts = apply({2,
                               false,
                               {event(Event::modified, 1, "XLON", "B", 2),
                                event(Event::terminated, 2, "XLON", "A", 1),
                                event(Event::cancelled, 3, "XLON", "", 0),
                                event(Event::added, 4, "XLON", "D", 2),
                                event(Event::modified, 5, "XLON", "E", 2)}});
    CHECK(counts.changed == 1);
    CHECK(counts.terminated == 1);
    CHECK(counts.cancelled == 1);
    CHECK(counts.added == 2);
    CHECK(counts.isins == 5);
    CHECK(counts.anomalies == Tally{{"event_without_prior", 1}});
    REQUIRE(counts.conflicts.size() == 1);
    CHECK(counts.conflicts[0].value == isin_of(5));
}

TEST_CASE_METHOD(EventsFixture,
                 "the last of several records of a key counts",
                 "[store][events][contract]") {
    const auto counts = apply({1,
                               false,
                               {event(Event::added, 1, "XLON", "A", 1),
                                event(Event::added, 1, "XLON", "A", 1),
                                event(Event::added, 1, "XLON", "B", 1)}});
    CHECK(counts.duplicates == 2);
    CHECK(counts.anomalies == Tally{{"duplicate_key_in_day", 1}});
    CHECK(dump(true) == std::vector<std::string>{"US0000000001 XLON B"});
}

TEST_CASE_METHOD(EventsFixture,
                 "what is not selected matters to known keys only",
                 "[store][events][contract]") {
    const auto passing = [](Event kind, int number) {
        Listing listing = event(kind, number, "XLON", "B", 2);
        listing.known_only = true;
        return listing;
    };
    apply({1,
           true,
           {event(Event::listed, 1, "XLON", "A", 1),
            event(Event::listed, 2, "XLON", "A", 1),
            event(Event::listed, 3, "XLON", "A", 1)}});
    const MergeCounts counts = apply({2,
                                      false,
                                      {passing(Event::modified, 1),
                                       passing(Event::terminated, 2),
                                       passing(Event::cancelled, 3),
                                       passing(Event::added, 4),
                                       passing(Event::modified, 5),
                                       passing(Event::terminated, 6),
                                       passing(Event::cancelled, 7)}});
    CHECK((counts.changed == 1 && counts.terminated == 1 && counts.cancelled == 1));
    CHECK(counts.added == 0);
    CHECK(counts.anomalies.empty());
    CHECK(dump(true) == std::vector<std::string>{"US0000000001 XLON B"});
    // One that has ended can still be cancelled, but neither changed nor ended once more.
    apply({3, false, {passing(Event::modified, 2), passing(Event::terminated, 3)}});
    CHECK(apply({4, false, {passing(Event::cancelled, 2)}}).cancelled == 1);
    CHECK(dump(true).size() == 1);
}

TEST_CASE_METHOD(EventsFixture, "a run's changes are one entry each", "[store][events][contract]") {
    apply({1,
           true,
           {event(Event::listed, 1, "XLON", "A", 1),
            event(Event::listed, 2, "XLON", "A", 1),
            event(Event::listed, 3, "XLON", "A", 1)}});
    apply(
        {2,
         false,
         {event(Event::terminated, 1, "XLON", "A", 1), event(Event::cancelled, 2, "XLON", "", 0)}});
    apply({3, true, {}});
    const auto changes = store->query(
        "SELECT kind || ' ' || isin FROM change WHERE kind <> 'added' ORDER BY isin", {});
    std::vector<std::string> kinds;
    while (changes->next()) {
        kinds.emplace_back(changes->text(0));
    }
    CHECK(kinds == std::vector<std::string>{"terminated US0000000001",
                                            "cancelled US0000000002",
                                            "missing_in_full US0000000003"});
}

TEST_CASE_METHOD(EventsFixture,
                 "any order of runs ends in the same store",
                 "[store][events][contract]") {
    std::mt19937 dice(GENERATE(range(0U, rounds(32))));
    Market market;
    market.list_all(1);
    for (int date = 2; date <= 9; ++date) {
        if (date == 6) {
            market.list_all(date, &dice);
        } else {
            market.live(date, dice);
        }
    }
    for (const Publication& publication : market.publications) {
        apply(publication);
    }
    CHECK(dump(true) == market.truth());
    const auto expected = dump();

    EventsFixture other;
    std::vector<Publication> shuffled = market.publications;
    std::ranges::shuffle(shuffled, dice);
    for (const Publication& publication : shuffled) {
        other.apply(publication);
    }
    CHECK(other.dump(true) == market.truth());
    CHECK(other.dump(false, false) == dump(false, false));

    for (const Publication& publication : market.publications) {
        const MergeCounts again = apply(publication);
        CHECK(again.added + again.changed + again.terminated + again.cancelled + again.reconciled +
                  again.missing ==
              0);
    }
    CHECK(dump() == expected);
}
