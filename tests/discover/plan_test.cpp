#include "discover/plan.hpp"

#include "support/catch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

using namespace isinfetch;

namespace {

using Texts = std::vector<std::string>;

/// "E 14 1/2": a part of a full list's set; "d 15 1/1", "c 14 1/1": of a delta, of cancellations.
/// All in November 2026. A word behind it is the checksum.
RemoteFile file_of(const std::string& text) {
    RemoteFile file;
    const std::string kind = text.substr(0, 1);
    file.role = kind == "d" ? Role::delta : kind == "c" ? Role::cancellations : Role::snapshot;
    file.group = file.role == Role::snapshot ? kind : "";
    file.published = fmt::format("2026-11-{}T00:00:00Z", text.substr(2, 2));
    file.part = static_cast<unsigned>(text[5] - '0');
    file.parts = static_cast<unsigned>(text[7] - '0');
    file.name = text.substr(0, 8);
    file.checksum = text.size() > 9 ? text.substr(9) : "";
    return file;
}

std::vector<RemoteFile> files_of(const Texts& texts) {
    std::vector<RemoteFile> files;
    std::ranges::transform(texts, std::back_inserter(files), file_of);
    return files;
}

/// "snapshot 14: E 14 1/2, E 14 2/2".
Texts show(const std::vector<Publication>& publications) {
    Texts lines;
    for (const Publication& publication : publications) {
        std::string line =
            fmt::format("{} {}:", name(publication.role), publication.date.substr(8));
        for (const RemoteFile& file : publication.files) {
            line += ' ' + file.name + ',';
        }
        line.pop_back();
        lines.push_back(line);
    }
    return lines;
}

/// Roles and days only.
Texts brief(const std::vector<Publication>& publications) {
    Texts lines;
    for (const Publication& publication : publications) {
        lines.push_back(fmt::format("{} {}", name(publication.role), publication.date.substr(8)));
    }
    return lines;
}

Texts whys(const Sets& sets) {
    Texts lines;
    for (const Incomplete& incomplete : sets.incomplete) {
        lines.push_back(incomplete.why);
    }
    return lines;
}

FeedCursor cursor_of(const std::string& text) {
    return parse_cursor(text).value();
}

const Texts kWeek{"E 14 1/2",
                  "E 14 2/2",
                  "C 14 1/1",
                  "d 13 1/1",
                  "d 14 1/1",
                  "d 15 1/2",
                  "d 15 2/2",
                  "d 16 1/1",
                  "c 14 1/1",
                  "d 17 1/1"};

}  // namespace

TEST_CASE("files are sorted into publications, whatever their order", "[plan]") {
    std::vector<RemoteFile> files = files_of(kWeek);
    std::mt19937 dice(1);
    for (int round = 0; round < 20; ++round) {
        std::ranges::shuffle(files, dice);
        const Sets sets = sort_into_sets(files);
        CHECK(show(sets.complete) == Texts{"delta 13: d 13 1/1",
                                           "delta 14: d 14 1/1",
                                           "snapshot 14: C 14 1/1, E 14 1/2, E 14 2/2",
                                           "cancellations 14: c 14 1/1",
                                           "delta 15: d 15 1/2, d 15 2/2",
                                           "delta 16: d 16 1/1",
                                           "delta 17: d 17 1/1"});
        CHECK(sets.incomplete.empty());
        CHECK(sets.conflicts.empty());
    }
}

TEST_CASE("a set is complete or not used", "[plan]") {
    struct Case {
        Texts files;
        Texts complete;
        Texts incomplete;
        Texts conflicts;
    };
    const std::vector<Case> cases{
        {{"d 15 1/2"}, {}, {"delta of 2026-11-15: part 2 of 2 is missing"}, {}},
        {{"d 15 2/4", "d 15 4/4"}, {}, {"delta of 2026-11-15: part 1, 3 of 4 is missing"}, {}},
        {{"E 14 1/1", "C 14 1/2"}, {}, {"snapshot of 2026-11-14 C: part 2 of 2 is missing"}, {}},
        {{"d 15 1/1", "d 15 1/1"}, {"delta 15"}, {}, {}},
        {{"d 15 1/1 a", "d 15 1/1 b"},
         {},
         {"delta of 2026-11-15: two files claim to be part 1 of 1"},
         {}},
        {{"d 15 1/1", "d 15 1/2", "d 15 2/2"},
         {"delta 15"},
         {},
         {"delta of 2026-11-15: parts of several generations: 1 of 1, 2 of 2"}},
        {{"d 15 1/1", "d 15 1/2"},
         {},
         {"delta of 2026-11-15: part 2 of 2 is missing"},
         {"delta of 2026-11-15: parts of several generations: 1 of 1, 1 of 2"}},
        {{"E 14 1/1", "C 14 1/1", "E 21 1/1"},
         {"snapshot 14"},
         {"snapshot of 2026-11-21: C is missing, which the one before it had"},
         {}},
        {{"E 14 1/1", "C 21 1/1", "E 21 1/1"}, {"snapshot 14", "snapshot 21"}, {}, {}},
        {{"E 14 1/1", "C 14 1/1", "E 21 1/1", "C 21 1/2", "E 28 1/1"},
         {"snapshot 14"},
         {"snapshot of 2026-11-21 C: part 2 of 2 is missing",
          "snapshot of 2026-11-28: C is missing, which the one before it had"},
         {}},
        {{"E 14 1/1", "C 14 1/1", "E 21 1/1", "E 28 1/1"},
         {"snapshot 14", "snapshot 28"},
         {"snapshot of 2026-11-21: C is missing, which the one before it had"},
         {}},
    };
    for (const Case& each : cases) {
        INFO(fmt::format("{}", fmt::join(each.files, "; ")));
        const Sets sets = sort_into_sets(files_of(each.files));
        CHECK(brief(sets.complete) == each.complete);
        CHECK(whys(sets) == each.incomplete);
        CHECK(sets.conflicts == each.conflicts);
    }
    const Sets sets = sort_into_sets(files_of({"d 15 1/1", "d 15 1/2", "d 15 2/2"}));
    CHECK(show(sets.complete) == Texts{"delta 15: d 15 1/2, d 15 2/2"});
}

TEST_CASE("what a run applies", "[plan]") {
    struct Case {
        const char* what;
        Texts files;
        std::string cursor;
        Texts gaps_known;
        Texts planned;
        Texts gaps;
        std::size_t waiting;
    };
    const std::vector<Case> cases{
        {"a first run takes the newest full list and what follows",
         kWeek,
         "",
         {},
         {"snapshot 14", "delta 14", "cancellations 14", "delta 15", "delta 16", "delta 17"},
         {},
         0},
        {"a later run takes what is new",
         kWeek,
         "snapshot=2026-11-14 delta=2026-11-15 cancellations=2026-11-14",
         {},
         {"delta 16", "delta 17"},
         {},
         0},
        {"nothing is new",
         kWeek,
         "snapshot=2026-11-14 delta=2026-11-17 cancellations=2026-11-14",
         {},
         {},
         {},
         0},
        {"nothing to begin with", {"d 15 1/1", "E 14 1/2"}, "", {}, {}, {}, 1},
        {"an older full list, where the newest one is not complete",
         {"E 07 1/1", "d 08 1/1", "E 14 1/2", "d 14 1/1"},
         "",
         {},
         {"snapshot 07", "delta 08", "delta 14"},
         {"2026-11-09", "2026-11-10", "2026-11-11", "2026-11-12", "2026-11-13"},
         1},
        {"a day that is not complete holds up the next",
         {"d 15 1/1", "d 16 1/2", "d 17 1/1"},
         "snapshot=2026-11-14 delta=2026-11-14",
         {},
         {"delta 15"},
         {},
         1},
        {"and all else of its own day",
         {"d 15 1/1", "c 15 1/1", "d 16 1/2", "c 16 1/1"},
         "snapshot=2026-11-14 delta=2026-11-14",
         {},
         {"delta 15", "cancellations 15"},
         {},
         1},
        {"the delta of a full list's day holds up, too",
         {"d 14 1/2", "d 15 1/1"},
         "snapshot=2026-11-14 delta=2026-11-13",
         {},
         {},
         {},
         1},
        {"what the cursor is past is neither waited for nor taken again",
         {"d 14 1/2", "E 14 1/2", "c 14 1/1", "d 13 1/1", "d 15 1/1"},
         "snapshot=2026-11-14 delta=2026-11-14 cancellations=2026-11-14",
         {},
         {"delta 15"},
         {},
         0},
        {"a full list of the day makes up for its delta",
         {"d 15 1/2", "E 15 1/1", "d 16 1/1"},
         "snapshot=2026-11-14 delta=2026-11-14",
         {},
         {"snapshot 15", "delta 16"},
         {"2026-11-15"},
         1},
        {"until a full list makes up for it",
         {"d 15 1/1", "d 16 1/2", "d 17 1/1", "E 21 1/1"},
         "snapshot=2026-11-14 delta=2026-11-14",
         {},
         {"delta 15", "delta 17", "snapshot 21"},
         {"2026-11-16"},
         1},
        {"a full list that comes after the deltas that follow it",
         {"E 21 1/1", "d 21 1/1", "d 22 1/1"},
         "snapshot=2026-11-14 delta=2026-11-22",
         {},
         {"snapshot 21"},
         {},
         0},
        {"days without a delta are gaps, not before the last one that there is",
         {"d 15 1/1", "d 18 1/1"},
         "snapshot=2026-11-14 delta=2026-11-14",
         {},
         {"delta 15", "delta 18"},
         {"2026-11-16", "2026-11-17"},
         0},
        {"a delta that comes late for a gap",
         {"d 15 1/1", "d 16 1/1", "d 18 1/1"},
         "snapshot=2026-11-14 delta=2026-11-18",
         {"2026-11-16"},
         {"delta 16"},
         {},
         0},
    };
    for (const Case& each : cases) {
        INFO(each.what);
        const Plan plan =
            plan_run(sort_into_sets(files_of(each.files)), cursor_of(each.cursor), each.gaps_known);
        CHECK(brief(plan.publications) == each.planned);
        CHECK(plan.gaps == each.gaps);
        CHECK(plan.waiting.size() == each.waiting);
    }
}

TEST_CASE("what keeps a list from being current", "[plan][freshness]") {
    struct Case {
        const char* what;
        Texts files;
        std::string publication;
        std::string reason;
        std::int64_t behind;
    };
    const std::vector<Case> cases{
        {"nothing", {"d 15 1/1"}, "", "", 0},
        {"a part that does not come, and five days behind it",
         {"d 15 1/2", "d 16 1/1", "d 17 1/1", "d 18 1/1", "d 19 1/1", "d 20 1/1", "c 20 1/1"},
         "delta of 2026-11-15",
         "delta of 2026-11-15: part 2 of 2 is missing",
         5},
        {"behind the first of two, only what is complete waits",
         {"d 15 1/1", "d 16 1/2", "d 17 1/2", "d 18 1/1"},
         "delta of 2026-11-16",
         "delta of 2026-11-16: part 2 of 2 is missing",
         1},
        {"a full list made up for it", {"d 15 1/2", "d 16 1/1", "E 16 1/1"}, "", "", 0},
        {"a full list that is not complete holds up nothing while deltas come",
         {"E 15 1/2", "d 15 1/1", "d 16 1/1"},
         "",
         "",
         0},
        {"but is missed where nothing newer is there",
         {"E 16 1/2", "d 15 1/1"},
         "snapshot of 2026-11-16",
         "snapshot of 2026-11-16 E: part 2 of 2 is missing",
         0},
        {"not where what else there is of its day is there", {"E 16 1/2", "d 16 1/1"}, "", "", 0},
        {"what is older than the cursor is no longer missed", {"d 13 1/2", "E 13 1/2"}, "", "", 0},
    };
    for (const Case& each : cases) {
        INFO(each.what);
        const Plan plan = plan_run(sort_into_sets(files_of(each.files)),
                                   cursor_of("snapshot=2026-11-14 delta=2026-11-14"));
        CHECK(plan.hold.publication == each.publication);
        CHECK(plan.hold.reason == each.reason);
        CHECK(plan.hold.behind == each.behind);
        CHECK_FALSE(plan.hold.since);
    }
}

TEST_CASE("a backfill takes what there is", "[plan]") {
    const Sets sets =
        sort_into_sets(files_of({"d 12 1/1", "d 13 1/2", "d 14 1/1", "E 14 1/1", "d 16 1/1"}));
    const Plan plan = plan_backfill(sets, "2026-11-12", "2026-11-15");
    CHECK(brief(plan.publications) == Texts{"delta 12", "delta 14", "snapshot 14"});
    CHECK(plan.gaps == Texts{"2026-11-13"});
    CHECK(plan.waiting == Texts{"delta of 2026-11-13: part 2 of 2 is missing"});
    CHECK(brief(plan_backfill(sets, "2026-11-13", "2026-11-14").publications) ==
          Texts{"delta 14", "snapshot 14"});
}

TEST_CASE("a cursor is kept as text", "[plan]") {
    for (const char* text : {"",
                             "delta=2026-11-20",
                             "snapshot=2026-11-14 delta=2026-11-20 cancellations=2026-11-14"}) {
        CHECK(text_of(cursor_of(text)) == text);
    }
    CHECK(FeedCursor().empty());
    for (const char* text :
         {"snapshot=2026-11-14", "delta=2026-11-14", "cancellations=2026-11-14"}) {
        CHECK_FALSE(cursor_of(text).empty());
    }
    for (const char* text : {"delta",
                             "delta=",
                             "delta=2026-13-01",
                             "delta=20.11.2026",
                             "update=2026-11-20",
                             "=2026-11-20"}) {
        CAPTURE(text);
        CHECK(!parse_cursor(text));
    }
}
