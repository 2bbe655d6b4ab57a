#include "job/guard.hpp"

#include "support/catch.hpp"

using namespace isinfetch;

namespace {

struct FileCase {
    Guards guards;
    Counts counts;
    const char* refusal;  // part of it; "": not refused
    const char* why;
};

SourceState list_of(std::int64_t records) {
    SourceState state;
    state.records = records;
    state.head = 1;
    return state;
}

MergeCounts merged(std::uint64_t listings, std::uint64_t removed = 0) {
    MergeCounts counts;
    counts.listings = listings;
    counts.removed = removed;
    return counts;
}

}  // namespace

TEST_CASE("a file is refused for its counts", "[guard]") {
    const auto row = GENERATE(values<FileCase>({
        {{}, {.seen = 10, .accepted = 10}, "", "fine"},
        {{}, {.seen = 10, .no_isin = 10}, "not one valid record in 10 rows", "nothing in it"},
        {{}, {}, "not one valid record", "a header alone"},
        {{.allow_empty = true}, {}, "", "a list that may be empty"},
        {{.min_records = 5, .allow_empty = true}, {}, "", "empty, although five is the least"},
        {{.min_records = 5, .allow_empty = true},
         {.seen = 2, .accepted = 2},
         "2 records, but min_records is 5",
         "not empty, but too few"},
        {{.min_records = 11}, {.seen = 10, .accepted = 10}, "min_records is 11", "too few"},
        {{}, {.seen = 100, .accepted = 95, .rejected = 5}, "", "exactly as many wrong as allowed"},
        {{}, {.seen = 100, .accepted = 94, .rejected = 6}, "max_rejected is 5%", "one more"},
        {{}, {.seen = 10, .unselected = 10}, "", "what was not selected was there"},
        {{.min_records = 10}, {.seen = 10, .accepted = 10}, "", "exactly enough"},
        {{.min_records = 11},
         {.seen = 10, .accepted = 4, .unselected = 6},
         "10 records, but min_records is 11",
         "what was not selected counts, but does not help"},
        {{.min_records = 0, .allow_empty = true},
         {.seen = 1, .rejected = 1},
         "1 of 1 records rejected (100.0%), but max_rejected is 5%",
         "the only one"},
        {{},
         {.seen = 100, .accepted = 94, .rejected = 6},
         "6 of 100 records rejected (6.0%), but max_rejected is 5%",
         "the share is said"},
        {{.min_records = 9},
         {.seen = 10, .accepted = 1, .unselected = 9},
         "",
         "it counts for the size of the list"},
        {{},
         {.seen = 100, .accepted = 1, .rejected = 5, .unselected = 94},
         "",
         "and for the share of wrong ones"},
        {{}, {.seen = 100, .accepted = 10, .no_isin = 90}, "", "rows without ISIN are not wrong"},
    }));
    CAPTURE(row.why);
    const auto refusal = judge_file(row.guards, row.counts, {}, {});
    CHECK_THAT(refusal.value_or(""), ContainsSubstring(row.refusal));
    CHECK(refusal.has_value() == (*row.refusal != '\0'));
}

TEST_CASE("a line end that was always there must not be missing", "[guard]") {
    const Counts counts{.seen = 10, .accepted = 10};
    SourceState previous = list_of(10);
    const ParseSummary cut{.line_end = false};
    CHECK(judge_file({}, counts, cut, previous));
    CHECK_FALSE(judge_file({.detect_cut = false}, counts, cut, previous));
    CHECK_FALSE(judge_file({}, counts, {}, previous));
    previous.line_end = false;
    CHECK_FALSE(judge_file({}, counts, cut, previous));
    CHECK_FALSE(judge_file({}, counts, cut, SourceState{}));
}

TEST_CASE("a last row that is cut is refused where line ends are the custom", "[guard]") {
    const Counts counts{.seen = 10, .accepted = 10};
    const ParseSummary cut{.line_end = false, .incomplete = "line 10: 3 of 8 columns"};
    SourceState previous = list_of(10);
    CHECK(judge_file({}, counts, cut, previous));
    CHECK(judge_file({}, counts, cut, SourceState{}));
    previous.line_end = false;
    CHECK_FALSE(judge_file({}, counts, cut, previous));
}

TEST_CASE("a last row that is cut may have a line end all the same", "[guard]") {
    const Counts counts{.seen = 10, .accepted = 10};
    const ParseSummary cut{.incomplete = "line 10: 3 of 8 columns"};
    const SourceState previous = list_of(10);
    REQUIRE(previous.line_end);
    CHECK(judge_file({}, counts, cut, previous) == "line 10: 3 of 8 columns: the file looks cut");
    CHECK_FALSE(judge_file({.detect_cut = false}, counts, cut, previous));
}

TEST_CASE("a list may shrink by five percent and no more", "[guard]") {
    CHECK_FALSE(judge_merge({}, merged(95), {}, list_of(100)));
    CHECK_THAT(judge_merge({}, merged(94), {}, list_of(100)).value_or(""),
               ContainsSubstring("from 100 to 94 listings (6.0%), but max_shrink is 5%"));
    CHECK_FALSE(judge_merge({.max_shrink = 0.5}, merged(50), {}, list_of(100)));
    CHECK_FALSE(judge_merge({}, merged(500), {}, list_of(100)));
    CHECK_FALSE(judge_merge({}, merged(1), {}, SourceState{}));
    CHECK(judge_merge({}, merged(0), {}, list_of(3)));
    CHECK_FALSE(judge_merge({.allow_empty = true}, merged(0), {}, list_of(3)));
    // What may be empty may not be anything else.
    CHECK(judge_merge({.allow_empty = true}, merged(1), {}, list_of(3)));
    CHECK_FALSE(judge_merge({.max_shrink = 0}, merged(0), {}, list_of(0)));
}

TEST_CASE("a list whose end alone is gone was cut", "[guard]") {
    struct Case {
        std::vector<std::string> gone;
        std::uint64_t removed;
        bool expected;
        const char* why;
    };
    const auto row = GENERATE(values<Case>({
        {{}, 0, false, "nothing is gone"},
        {{"d"}, 1, true, "only the last one"},
        {{"c", "d"}, 2, true, "only the last two"},
        {{"c"}, 1, false, "the last but one: it was delisted"},
        {{"a", "b", "c", "d"}, 40, true, "all that is remembered, and 36 others of 1000"},
        {{"d"}, 51, false, "the last, and 50 others: a coincidence is likely enough"},
        {{"d"}, 2, false, "the last and one other: more than 1 in 1000"},
        {{"c", "d"}, 12, true, "the last two, and ten others"},
        {{"b", "c", "d"}, 300, false, "a third of the list went away"},
        {{"a", "b", "c", "d"}, 1000, false, "another list altogether"},
    }));
    CAPTURE(row.why);
    MergeCounts counts = merged(1000 - row.removed, row.removed);
    counts.removed_tail = {row.gone.begin(), row.gone.end()};
    CHECK(looks_cut({"a", "b", "c", "d"}, counts, 1000) == row.expected);
}

TEST_CASE("the last rows of a short list may go", "[guard]") {
    struct Case {
        std::vector<std::string> tail;
        std::uint64_t removed;
        std::int64_t before;
        bool expected;
        const char* why;
    };
    const auto row = GENERATE(values<Case>({
        {{"c"}, 1, 3, false, "one of three"},
        {{"c"}, 1, 500, false, "one of five hundred"},
        {{"c"}, 1, 5000, true, "one of five thousand, and no other"},
        {{"b", "c"}, 2, 10, false, "two of ten"},
        {{"b", "c"}, 2, 100, true, "two of a hundred, and no other"},
    }));
    CAPTURE(row.why);
    MergeCounts counts = merged(static_cast<std::uint64_t>(row.before) - row.removed, row.removed);
    counts.removed_tail = {row.tail.begin(), row.tail.end()};
    CHECK(looks_cut(row.tail, counts, row.before) == row.expected);
}

TEST_CASE("a list all of whose rows went is another list", "[guard]") {
    MergeCounts counts = merged(30, 2);
    counts.removed_tail = {"a", "b"};
    // What replaced it is longer: nothing was kept that could have been cut off.
    CHECK_FALSE(looks_cut({"a", "b"}, counts, 2));
    CHECK_FALSE(looks_cut({"a", "b"}, counts, 1));
    CHECK_FALSE(looks_cut({}, counts, 0));
    std::vector<std::string> tail;
    for (int number = 0; number < 12; ++number) {
        tail.push_back(std::to_string(number));
    }
    counts = merged(30, 12);
    counts.removed_tail = {tail.begin(), tail.end()};
    CHECK_FALSE(looks_cut(tail, counts, 12));
    CHECK(looks_cut(tail, counts, 24));
}

TEST_CASE("a coincidence is rarer than 1 in 1000", "[guard]") {
    MergeCounts counts = merged(999, 1);
    counts.removed_tail = {"a"};
    CHECK_FALSE(looks_cut({"a"}, counts, 999));  // one of a thousand, by the rule of succession
    CHECK(looks_cut({"a"}, counts, 1000));
}

TEST_CASE("a list that grew, or whose format says that it is whole, was not cut", "[guard]") {
    SourceState previous = list_of(10'000);
    previous.tail = {"US0378331005 "};
    MergeCounts counts = merged(10'000, 1);
    counts.removed_tail = {"US0378331005 "};
    CHECK_FALSE(judge_merge({}, counts, {}, previous));
    counts.listings = 9'999;
    CHECK(judge_merge({}, counts, {}, previous));
    CHECK_FALSE(judge_merge({}, counts, {.has_end = true}, previous));
    CHECK(judge_merge({.max_shrink = 0}, counts, {.has_end = true}, previous));
}

TEST_CASE("a cut list is refused unless the guard is off", "[guard]") {
    SourceState previous = list_of(1000);
    previous.tail = {"US0378331005 "};
    MergeCounts counts = merged(999, 1);
    counts.removed_tail = {"US0378331005 "};
    CHECK_THAT(judge_merge({}, counts, {}, previous).value_or(""), ContainsSubstring("looks cut"));
    CHECK_FALSE(judge_merge({.detect_cut = false}, counts, {}, previous));
}

TEST_CASE("what has no valid record is not published however it is asked for", "[guard]") {
    CHECK(can_be_waived(Counts{.seen = 100, .accepted = 1, .rejected = 99}));
    CHECK_FALSE(can_be_waived(Counts{.seen = 100, .rejected = 100}));
    CHECK_FALSE(can_be_waived(Counts{.seen = 100, .unselected = 100}));
    CHECK(can_be_waived(merged(1, 99)));
    CHECK_FALSE(can_be_waived(merged(0, 100)));
}
