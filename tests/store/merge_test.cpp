#include "store/merge.hpp"

#include "core/record.hpp"
#include "store_fixture.hpp"
#include "support/catch.hpp"
#include "util/error.hpp"

#include <algorithm>
#include <map>
#include <random>

using namespace isinfetch;
using namespace isinfetch::test;

namespace {

using Keys = std::vector<std::string>;

struct Expected {
    std::uint64_t added = 0;
    std::uint64_t changed = 0;
    std::uint64_t cosmetic = 0;
    std::uint64_t removed = 0;
};

void check(const MergeCounts& counts, const Expected& expected) {
    CHECK(counts.added == expected.added);
    CHECK(counts.changed == expected.changed);
    CHECK(counts.cosmetic == expected.cosmetic);
    CHECK(counts.removed == expected.removed);
}

}  // namespace

TEST_CASE_METHOD(StoreFixture, "a first list is added whole", "[store][merge][contract]") {
    const auto counts = publish({make_listing(isin_of(2), "XLON"),
                                 make_listing(isin_of(1), "XNAS"),
                                 make_listing(isin_of(1), "XLON")});
    check(counts, {.added = 3});
    CHECK(counts.isins == 2);
    CHECK(counts.listings == 3);
    CHECK(keys() == Keys{"US0000000001 XLON", "US0000000001 XNAS", "US0000000002 XLON"});
}

TEST_CASE_METHOD(StoreFixture, "what went away is counted no more", "[store][merge][contract]") {
    publish({make_listing(isin_of(1), "A"), make_listing(isin_of(2), "A")});
    const auto counts = publish({make_listing(isin_of(1), "A"), make_listing(isin_of(1), "B")});
    check(counts, {.added = 1, .removed = 1});
    CHECK(counts.isins == 1);
    CHECK(counts.listings == 2);
}

TEST_CASE_METHOD(StoreFixture, "the same list again writes no row", "[store][merge][contract]") {
    std::vector<Listing> list;
    for (int number = 0; number < 2500; ++number) {
        list.push_back(make_listing(isin_of(number % 2000), number < 2000 ? "A" : "B"));
    }
    publish(list);
    const auto state = [this] {
        return text(
            "SELECT count(*) || ' ' || max(id) || ' ' || sum(added_run) || ' ' ||"
            " count(closed_run) FROM listing");
    };
    const std::string before = state();
    std::shuffle(list.begin(), list.end(), std::mt19937(1));
    Transaction transaction(*store);
    const MergePlan next = plan("list");
    const auto changes = rows_written();
    check(merge(next, list), {});
    CHECK(rows_written() == changes);
    transaction.commit();
    CHECK(state() == before);
}

TEST_CASE_METHOD(StoreFixture,
                 "every kind of change leaves its version",
                 "[store][merge][contract]") {
    publish({make_listing(isin_of(1), "A", "stays"),
             make_listing(isin_of(2), "A", "old name"),
             make_listing(isin_of(3), "A", "looks"),
             make_listing(isin_of(4), "A", "goes")});
    const auto counts = publish({make_listing(isin_of(1), "A", "stays"),
                                 make_listing(isin_of(2), "A", "new name"),
                                 make_listing(isin_of(3), "A", "LOOKS"),
                                 make_listing(isin_of(5), "A", "comes")});
    check(counts, {.added = 1, .changed = 1, .cosmetic = 1, .removed = 1});
    struct Row {
        const char* name;
        const char* opened;
        const char* closed;
        int since;
        int until;  ///< 0: still there
    };
    const std::vector<Row> expected{{"stays", "added", "", 1, 0},
                                    {"old name", "added", "changed", 1, 2},
                                    {"new name", "changed", "", 2, 0},
                                    {"looks", "added", "cosmetic", 1, 2},
                                    {"LOOKS", "cosmetic", "", 2, 0},
                                    {"goes", "added", "removed", 1, 2},
                                    {"comes", "added", "", 2, 0}};
    const auto rows = read({.all_versions = true});
    REQUIRE(rows.size() == expected.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        CAPTURE(i, expected[i].name);
        CHECK(rows[i].listing[Field::name] == expected[i].name);
        CHECK(rows[i].opened_as == expected[i].opened);
        CHECK(rows[i].closed_as == expected[i].closed);
        CHECK(rows[i].published == day(expected[i].since));
        CHECK(rows[i].superseded == (expected[i].until == 0 ? "" : day(expected[i].until)));
    }
}

TEST_CASE_METHOD(StoreFixture,
                 "every field comes back, empty ones as NULL",
                 "[store][merge][contract]") {
    Listing listing;
    for (std::size_t i = 0; i < kFieldCount; ++i) {
        listing.fields[i] = fmt::format("field {} ü'\"", i);
    }
    listing[Field::isin] = isin_of(1);
    listing[Field::status].clear();
    listing.other = R"({"a":"1"})";
    publish({listing});
    const auto rows = read();
    REQUIRE(rows.size() == 1);
    CHECK((rows[0].listing == listing));
    CHECK(count("listing WHERE status IS NULL") == 1);
    CHECK(count("listing WHERE superseded IS NULL AND closed_run IS NULL") == 1);
}

TEST_CASE_METHOD(StoreFixture,
                 "a venue that alone moved is a change unless it is a MIC",
                 "[store][merge][contract]") {
    const bool is_mic = GENERATE(true, false);
    publish({make_listing(isin_of(1), "OLD"), make_listing(isin_of(2), "OLD")}, "list", is_mic);
    const auto counts =
        publish({make_listing(isin_of(1), "NEW"), make_listing(isin_of(2), "OLD")}, "list", is_mic);
    if (is_mic) {
        check(counts, {.added = 1, .removed = 1});
    } else {
        check(counts, {.changed = 1});
    }
    CHECK(keys() == Keys{"US0000000001 NEW", "US0000000002 OLD"});
}

TEST_CASE_METHOD(StoreFixture,
                 "venues that swap their rows do not collide",
                 "[store][merge][contract]") {
    publish({make_listing(isin_of(1), "A", "x"), make_listing(isin_of(1), "B", "y")});
    check(publish({make_listing(isin_of(1), "A", "y"), make_listing(isin_of(1), "B", "x")}),
          {.changed = 2});
}

TEST_CASE_METHOD(StoreFixture,
                 "of repeated keys the first row counts",
                 "[store][merge][contract]") {
    const auto counts = publish({make_listing(isin_of(1), "A", "first"),
                                 make_listing(isin_of(1), "A", "first"),
                                 make_listing(isin_of(1), "A", "another"),
                                 make_listing(isin_of(1), "B", "first")});
    CHECK(counts.duplicates == 2);
    CHECK(counts.listings == 2);
    CHECK(counts.added == 2);
    REQUIRE(counts.conflicts.size() == 1);
    CHECK(counts.conflicts[0].reason == "duplicate key");
    CHECK(counts.conflicts[0].value == isin_of(1));
    CHECK(counts.conflicts[0].text == "venue A");
    CHECK(read()[0].listing[Field::name] == "first");
}

TEST_CASE_METHOD(StoreFixture,
                 "conflicts are counted all and sampled",
                 "[store][merge][contract]") {
    std::vector<Listing> list;
    for (int number = 0; number < 100; ++number) {
        list.push_back(make_listing(isin_of(1), "A", std::to_string(number)));
    }
    const auto counts = publish(list);
    CHECK(counts.duplicates == 99);
    CHECK(counts.conflicts.size() == 20);
}

TEST_CASE_METHOD(StoreFixture, "removed keys of the tail are named", "[store][merge][contract]") {
    publish({make_listing(isin_of(1), "A"),
             make_listing(isin_of(2), "A"),
             make_listing(isin_of(3), "A")});
    MergePlan next = plan("list");
    next.tail = {"US0000000002 A", "US0000000003 A"};
    const auto counts = merge(next, {make_listing(isin_of(2), "A")});
    CHECK(counts.removed == 2);
    CHECK(counts.removed_tail == std::unordered_set<std::string>{"US0000000003 A"});
}

TEST_CASE_METHOD(StoreFixture, "sources do not see each other", "[store][merge][contract]") {
    publish({make_listing(isin_of(1), "A")}, "one");
    publish({make_listing(isin_of(1), "A"), make_listing(isin_of(2), "A")}, "two");
    check(publish({}, "one"), {.removed = 1});
    CHECK(keys() == Keys{"US0000000001 A", "US0000000002 A"});
}

TEST_CASE_METHOD(StoreFixture, "what was removed can come back", "[store][merge][contract]") {
    publish({make_listing(isin_of(1), "A")});
    publish({});
    check(publish({make_listing(isin_of(1), "A")}), {.added = 1});
    CHECK(count("listing") == 2);
}

TEST_CASE_METHOD(StoreFixture,
                 "without commit everything is as before",
                 "[store][merge][contract]") {
    publish({make_listing(isin_of(1), "A"), make_listing(isin_of(2), "A", "old")});
    const auto before = keys({.all_versions = true});
    {
        const Transaction transaction(*store);
        merge(plan("list"), {make_listing(isin_of(2), "A", "new"), make_listing(isin_of(3), "A")});
        CHECK(count("listing") == 4);
    }
    CHECK(keys({.all_versions = true}) == before);
    CHECK(count("listing WHERE closed_run IS NOT NULL") == 0);
    CHECK(count("run") == 1);
}

TEST_CASE_METHOD(StoreFixture,
                 "a reader sees the old list until the commit",
                 "[store][merge][contract]") {
    publish({make_listing(isin_of(1), "A")});
    const auto reader = open(StoreMode::read_only);
    const auto seen = [&] {
        return query_integer(*reader, "SELECT count(*) FROM listing_current");
    };
    Transaction transaction(*store);
    merge(plan("list"), {make_listing(isin_of(2), "A"), make_listing(isin_of(3), "A")});
    CHECK(seen() == 1);
    transaction.commit();
    CHECK(seen() == 2);
}

TEST_CASE_METHOD(StoreFixture, "a full disk leaves the old list", "[store][merge]") {
    publish({make_listing(isin_of(1), "A")});
    const auto pages = query_integer(*store, "SELECT page_count FROM pragma_page_count()").value();
    store->script(fmt::format("PRAGMA max_page_count = {}", pages + 20));
    std::vector<Listing> list;
    for (int number = 0; number < 5000; ++number) {
        list.push_back(make_listing(isin_of(number), "B"));
    }
    try {
        publish(list);
        FAIL("the disk is not full");
    } catch (const Error& error) {
        CHECK(error.kind() == ErrorKind::io);
        CHECK_THAT(error.what(), StartsWith(path + ": "));
    }
    CHECK(keys() == Keys{"US0000000001 A"});
    CHECK(query_text(*store, "PRAGMA integrity_check") == "ok");
    days = 10;
    CHECK(publish({make_listing(isin_of(1), "A"), make_listing(isin_of(2), "A")}).added == 1);
}

namespace {

using Snapshot = std::map<std::pair<std::string, std::string>, Listing>;

/// The next day of a small list: rows come, go, change in content or looks, and move.
Snapshot next_day(const Snapshot& today, std::mt19937& dice) {
    Snapshot tomorrow;
    const auto put = [&](const Listing& listing) {
        tomorrow.emplace(std::pair(listing.isin(), listing.venue()), listing);
    };
    for (const auto& [key, row] : today) {
        Listing listing = row;
        switch (dice() % 12) {
            case 0:
                continue;
            case 1:
                listing[Field::name] = fmt::format("name {}", dice() % 3);
                break;
            case 2:
                for (char& c : listing[Field::name]) {
                    c = static_cast<char>(c == 'n' ? 'N' : c == 'N' ? 'n' : c);
                }
                break;
            case 3:
                listing[Field::venue] = std::string(1, "ABCDE"[dice() % 5]);
                break;
            default:
                break;
        }
        put(listing);
    }
    for (int i = 0; i < 8; ++i) {
        put(make_listing(isin_of(static_cast<int>(dice() % 40)),
                         std::string(dice() % 2, "ABCDE"[dice() % 5]),
                         fmt::format("name {}", dice() % 3)));
    }
    return tomorrow;
}

/// Rows of one ISIN without a counterpart of the same venue.
struct Alone {
    std::uint64_t before = 0;
    std::uint64_t after = 0;
};

/// The difference by looking up, row by row.
Expected naive_difference(const Snapshot& before, const Snapshot& after, bool separate) {
    Expected expected;
    std::map<std::string, Alone> alone;
    for (const auto& [key, row] : before) {
        const auto found = after.find(key);
        if (found == after.end()) {
            ++alone[key.first].before;
            continue;
        }
        const Difference difference = compare(row, found->second);
        expected.changed += difference == Difference::real ? 1U : 0U;
        expected.cosmetic += difference == Difference::cosmetic ? 1U : 0U;
    }
    for (const auto& [key, row] : after) {
        alone[key.first].after += before.contains(key) ? 0U : 1U;
    }
    for (const auto& [isin, rows] : alone) {
        const std::uint64_t moved = separate ? 0 : std::min(rows.before, rows.after);
        expected.changed += moved;
        expected.added += rows.after - moved;
        expected.removed += rows.before - moved;
    }
    return expected;
}

std::vector<Listing> shuffled(const Snapshot& snapshot, std::mt19937& dice) {
    std::vector<Listing> listings;
    for (const auto& [key, row] : snapshot) {
        listings.push_back(row);
    }
    std::shuffle(listings.begin(), listings.end(), dice);
    return listings;
}

Snapshot read_snapshot(StoreFixture& fixture, const ListingFilter& filter) {
    Snapshot snapshot;
    for (const StoredListing& row : fixture.read(filter)) {
        snapshot.emplace(std::pair(row.listing.isin(), row.listing.venue()), row.listing);
    }
    return snapshot;
}

void set_mics(Snapshot& snapshot) {
    for (auto& [key, row] : snapshot) {
        row[Field::mic] = row.venue();
    }
}

/// What for_each_change() tells: counted, and applied to `from`.
struct Replayed {
    Expected counts{};
    Snapshot result{};
};

Replayed replay(Connection& store, const Snapshot& from, std::int64_t before, std::int64_t after) {
    Replayed replayed{.result = from};
    std::vector<Listing> fresh;
    for_each_change(store, "list", before, after, [&](const Change& change) {
        auto& counts = replayed.counts;
        counts.added += change.kind == ChangeKind::added ? 1U : 0U;
        counts.removed += change.kind == ChangeKind::removed ? 1U : 0U;
        counts.changed += change.kind == ChangeKind::changed ? 1U : 0U;
        counts.cosmetic += change.kind == ChangeKind::cosmetic ? 1U : 0U;
        if (change.kind != ChangeKind::added) {
            const auto key = std::pair(change.before.isin(), change.before.venue());
            const auto found = replayed.result.find(key);
            REQUIRE(found != replayed.result.end());
            CHECK((found->second == change.before));
            replayed.result.erase(found);
        }
        if (change.kind != ChangeKind::removed) {
            fresh.push_back(change.after);
        }
    });
    for (const Listing& listing : fresh) {
        const auto key = std::pair(listing.isin(), listing.venue());
        CHECK(replayed.result.emplace(key, listing).second);
    }
    return replayed;
}

void check(const Expected& counts, const Expected& expected) {
    check(MergeCounts{.added = counts.added,
                      .changed = counts.changed,
                      .cosmetic = counts.cosmetic,
                      .removed = counts.removed},
          expected);
}

}  // namespace

TEST_CASE_METHOD(StoreFixture,
                 "random lists agree with a model and stay readable for ever",
                 "[store][merge][contract]") {
    const bool venue_is_mic = GENERATE(false, true);
    constexpr int kDays = 25;
    std::mt19937 dice(venue_is_mic ? 11U : 12U);
    std::vector<Snapshot> model(1);
    for (int number = 1; number <= kDays; ++number) {
        model.push_back(next_day(model.back(), dice));
        if (venue_is_mic) {
            set_mics(model.back());
        }
        const Snapshot& today = model.back();
        const auto counts = publish(shuffled(today, dice), "list", venue_is_mic);
        check(counts, naive_difference(model[model.size() - 2], today, venue_is_mic));
        CHECK(counts.listings == today.size());
        REQUIRE((read_snapshot(*this, {}) == today));
    }
    const auto versions = list_versions(*store, "list");
    REQUIRE(versions.size() == kDays);
    for (std::size_t number = 1; number <= kDays; ++number) {
        const auto as_of = parse_time(day(static_cast<int>(number)));
        CHECK((read_snapshot(*this, {.as_of = as_of}) == model[number]));
    }
    for (int i = 0; i < 100; ++i) {
        const std::size_t from = dice() % (kDays + 1);
        const std::size_t to = 1 + dice() % kDays;
        CAPTURE(from, to);
        const auto replayed = replay(*store,
                                     model[from],
                                     from == 0 ? 0 : versions[from - 1].run_source,
                                     versions[to - 1].run_source);
        CHECK((replayed.result == model[to]));
        check(replayed.counts, naive_difference(model[from], model[to], venue_is_mic));
    }
}
