#include "store/audit.hpp"

#include "events_fixture.hpp"
#include "store/audit_versions.hpp"
#include "support/catch.hpp"
#include "support/rounds.hpp"

#include <random>

using namespace isinfetch;
using namespace isinfetch::test;

namespace {

using Names = std::vector<std::string>;

std::string name_of(AuditFinding finding) {
    return std::string(finding_table()[static_cast<std::size_t>(finding)].name);
}

/// Of two versions of one listing.
struct SpanCase {
    const char* why;
    std::vector<VersionSpan> versions;
    Names findings;
};

VersionSpan span_of(int from, int to, const char* opened_as, const char* closed_as) {
    static std::int64_t id = 0;
    return {.id = ++id,
            .venue = "A",
            .published = day(from),
            .superseded = to == 0 ? "" : day(to),
            .opened_as = opened_as,
            .closed_as = closed_as,
            .added_run = from,
            .closed_run = to};
}

struct AuditFixture : EventsFixture {
    Names audit() const {
        Names names;
        audit_store(
            *store,
            {},
            AuditDepth::whole,
            [] {},
            [&](auto finding, auto, auto text) {
                names.push_back(name_of(finding) + ": " + text);
            });
        return names;
    }

    /// Without what the fixture does not record: counts, heads.
    Names audit_of_versions() const {
        Names names = audit();
        std::erase_if(names, [](const std::string& name) {
            return name.starts_with("wrong_count") || name.starts_with("wrong_head") ||
                   name.starts_with("wrong_check_digit");
        });
        return names;
    }
};

}  // namespace

TEST_CASE("versions of one listing follow each other", "[store][audit]") {
    const std::vector<SpanCase> cases{
        {"one", {span_of(1, 0, "added", "")}, {}},
        {"replaced", {span_of(1, 2, "added", "changed"), span_of(2, 0, "changed", "")}, {}},
        {"came back", {span_of(1, 2, "added", "removed"), span_of(4, 0, "added", "")}, {}},
        {"ended",
         {span_of(1, 3, "added", "terminated"), span_of(3, 3, "terminated", "terminated")},
         {}},
        {"cancelled, and again",
         {span_of(1, 3, "added", "cancelled"), span_of(4, 4, "cancelled", "cancelled")},
         {}},
        {"two current ones",
         {span_of(1, 0, "added", ""), span_of(2, 0, "changed", "")},
         {"overlap"}},
        {"too late an end",
         {span_of(1, 3, "added", "removed"), span_of(2, 0, "added", "")},
         {"overlap"}},
        {"replaced by nothing", {span_of(1, 2, "added", "changed")}, {"hole"}},
        {"a day between",
         {span_of(1, 2, "added", "changed"), span_of(3, 0, "changed", "")},
         {"hole"}},
        {"no last words", {span_of(1, 2, "added", "terminated")}, {"hole"}},
        {"ends before it begins", {span_of(3, 2, "added", "removed")}, {"wrong_interval"}},
        {"half ended", {span_of(1, 2, "added", "")}, {"wrong_interval"}},
    };
    for (const SpanCase& row : cases) {
        CAPTURE(row.why);
        auto versions = row.versions;
        Names found;
        audit_versions(versions, "", [&](AuditFinding finding, const VersionSpan&) {
            found.push_back(name_of(finding));
        });
        CHECK(found == row.findings);
    }
    auto versions = std::vector{span_of(1, 2, "added", "changed")};
    audit_versions(versions, day(3), [](AuditFinding, const VersionSpan&) { CHECK(false); });
}

TEST_CASE_METHOD(AuditFixture,
                 "whatever events come, and in whatever order, the store is sound",
                 "[store][audit]") {
    std::mt19937 dice(GENERATE(range(0U, rounds(60))));
    Market market;
    for (int date = 1; date <= 14; ++date) {
        market.live(date, dice);
        if (dice() % 4 == 0) {
            market.list_all(date);
        }
    }
    if (dice() % 3 != 0) {
        std::ranges::shuffle(market.publications, dice);
    }
    for (const Publication& publication : market.publications) {
        apply(publication);
    }
    CHECK(audit_of_versions() == Names{});
}

TEST_CASE_METHOD(AuditFixture, "lists that move and change are sound", "[store][audit]") {
    std::mt19937 dice(GENERATE(range(0U, rounds(20))));
    for (int number = 0; number < 6; ++number) {
        std::vector<Listing> list;
        for (int isin = 0; isin < 8; ++isin) {
            if (dice() % 4 != 0) {
                list.push_back(make_listing(isin_of(isin),
                                            std::string(1, "ABC"[dice() % 3]),
                                            std::string(dice() % 3, 'x')));
            }
        }
        publish(list, "list", dice() % 4 == 0);
    }
    CHECK(audit_of_versions() == Names{});
}

TEST_CASE_METHOD(AuditFixture, "damage is found", "[store][audit]") {
    struct Damage {
        const char* sql;
        const char* finding;
    };
    const auto damage = GENERATE(values<Damage>({
        {"UPDATE listing SET superseded = '2020-01-01T00:00:00Z' WHERE closed_run = 2",
         "wrong_interval"},
        {"UPDATE listing SET superseded = '2026-01-01T07:00:00Z' WHERE closed_run = 2", "hole"},
        {"DELETE FROM listing WHERE added_run = 2", "hole"},
        {"UPDATE listing SET published = '2026-01-01T07:00:00Z' WHERE added_run = 2", "overlap"},
        {"UPDATE listing SET superseded = NULL WHERE closed_run = 2", "wrong_interval"},
        {"UPDATE listing SET added_run = 3 WHERE added_run = 2", "wrong_run"},
        {"UPDATE run_source SET undone_run = 1 WHERE id = 2", "wrong_run"},
        {"UPDATE source SET records = 7", "wrong_count"},
        {"UPDATE run_source SET added = 7 WHERE id = 1", "wrong_count"},
        {"UPDATE source SET head = 1 WHERE id = 1", "wrong_head"},
        {"UPDATE listing SET isin = 'US0378331006' WHERE id = 1", "wrong_check_digit"},
        {"DROP VIEW instrument; CREATE VIEW instrument AS SELECT 1", "wrong_view"},
    }));
    CAPTURE(damage.sql);
    publish({make_listing("US0378331005", "A", "x"), make_listing("GB0002634946", "A")});
    publish({make_listing("US0378331005", "A", "y"), make_listing("GB0002634946", "A")});
    publish({make_listing("US0378331005", "A")}, "other");
    store->script(
        "UPDATE run_source SET added = 2, listings = 2 WHERE id = 1;"
        "UPDATE run_source SET changed = 1, listings = 2 WHERE id = 2;"
        "UPDATE run_source SET added = 1, listings = 1 WHERE id = 3;"
        "UPDATE source SET head = 2, records = 2 WHERE name = 'list';"
        "UPDATE source SET head = 3, records = 1 WHERE name = 'other'");
    REQUIRE(audit() == Names{});
    store->script(damage.sql);
    const Names found = audit();
    CAPTURE(found);
    CHECK(std::ranges::any_of(
        found, [&](const std::string& name) { return name.starts_with(damage.finding); }));
}
