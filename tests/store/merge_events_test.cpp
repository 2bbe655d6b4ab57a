#include "store/history.hpp"
#include "store/merge.hpp"
#include "store_fixture.hpp"
#include "support/catch.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <random>
#include <set>

using namespace isinfetch;
using namespace isinfetch::test;

namespace {

/// Events of a day, or a full list of it.
struct Publication {
    int date = 0;
    bool full = false;
    std::vector<Listing> records{};
};

Listing event(
    Event kind, int number, const std::string& venue, const std::string& title, int from) {
    Listing listing = make_listing(isin_of(number), venue, kind == Event::cancelled ? "" : title);
    listing.event = kind;
    if (kind != Event::cancelled) {
        listing.valid.from = day(from).substr(0, 10);
    }
    return listing;
}

struct EventsFixture : StoreFixture {
    MergeCounts apply(const Publication& publication) {
        Transaction transaction(*store);
        MergePlan next = plan("firds");
        next.published = day(publication.date);
        next.records = count("listing WHERE closed_run IS NULL");
        const auto later = fulls.upper_bound(publication.date);
        next.lists = {.next = later == fulls.end() ? "" : day(*later),
                      .has_earlier = !fulls.empty() && *fulls.begin() < publication.date};
        next.is_late = publication.date < newest;
        Staging staging(directory.path(), 1024 * 1024);
        for (const Listing& record : publication.records) {
            staging.add(record);
        }
        staging.sort();
        const MergeCounts counts = publication.full ? merge_full(*store, next, staging)
                                                    : merge_events(*store, next, staging);
        transaction.commit();
        newest = std::max(newest, publication.date);
        if (publication.full) {
            fulls.insert(publication.date);
        }
        CHECK(counts.listings ==
              static_cast<std::uint64_t>(count("listing WHERE closed_run IS NULL")));
        return counts;
    }

    /// Every version with all that does not depend on the order of the runs. That a full list
    /// opened it does, unless they came in their order.
    std::vector<std::string> dump(bool current_only = false, bool in_order = true) const {
        std::vector<std::string> rows;
        const auto cursor = store->query(
            fmt::format(
                "SELECT isin || ' ' || venue || ' ' || coalesce(name, '-') ||"
                " CASE WHEN {0} THEN '' ELSE ' ' || published || ' ' ||"
                " coalesce(superseded, '-') || ' ' || CASE WHEN {1} OR opened_as IN"
                " ('terminated', 'cancelled') THEN opened_as ELSE '' END || ' ' || CASE"
                " WHEN closed_as = 'reconciled' AND NOT {1} THEN 'changed' ELSE"
                " coalesce(closed_as, '-') END || ' ' || coalesce(valid_from, '-') || ' ' ||"
                " coalesce(valid_to, '-') || ' ' || coalesce(cancelled, '-') END"
                " FROM listing WHERE NOT {0} OR closed_run IS NULL"
                " ORDER BY isin, venue, published, superseded",
                current_only ? "(1 = 1)" : "(1 = 0)",
                in_order ? "(1 = 1)" : "(1 = 0)"),
            {});
        while (cursor->next()) {
            rows.emplace_back(cursor->text(0));
        }
        return rows;
    }

    std::set<int> fulls{};  ///< days of those that were applied
    int newest = 0;
};

/// A market that changes from day to day: what is published of it, and what is true in the end.
struct Market {
    std::map<std::pair<int, std::string>, std::string> listed{};
    std::vector<Publication> publications{};
    std::set<std::pair<int, std::string>> cancelled{};

    void live(int date, std::mt19937& dice) {
        Publication delta{.date = date};
        for (int number = 0; number < 6; ++number) {
            for (const char* venue : {"XLON", "XPAR"}) {
                step(delta, number, venue, dice);
            }
        }
        std::ranges::shuffle(delta.records, dice);
        publications.push_back(delta);
    }

    /// With `forgets`, some of what is listed is not, although nothing ended it.
    void list_all(int date, std::mt19937* forgets = nullptr) {
        Publication full{.date = date, .full = true};
        std::erase_if(listed, [&](const auto&) { return forgets && (*forgets)() % 6 == 0; });
        for (const auto& [key, title] : listed) {
            const int since = title.back() - '0';
            full.records.push_back(event(Event::listed, key.first, key.second, title, since));
        }
        publications.push_back(full);
    }

    std::vector<std::string> truth() const {
        std::vector<std::string> rows;
        for (const auto& [key, title] : listed) {
            rows.push_back(fmt::format("{} {} {}", isin_of(key.first), key.second, title));
        }
        return rows;
    }

private:
    void step(Publication& delta, int number, const std::string& venue, std::mt19937& dice) {
        const std::pair key(number, venue);
        const std::string title = fmt::format("{} of {}", dice() % 4, delta.date);  // one digit
        const bool was_listed = listed.contains(key);
        const auto add = [&](Event kind) {
            delta.records.push_back(event(kind, number, venue, title, delta.date));
        };
        switch (dice() % 6) {
            case 0:
                add(was_listed ? Event::modified : Event::added);
                listed[key] = title;
                break;
            case 1:
                add(Event::terminated);
                listed.erase(key);
                break;
            case 2:
                // Of several cancellations of a key, not all are kept.
                if (was_listed && cancelled.insert(key).second) {
                    add(Event::cancelled);
                    listed.erase(key);
                }
                break;
            default:
                break;
        }
    }
};

}  // namespace

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
    std::mt19937 dice(GENERATE(range(1U, 33U)));
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
