#include "discover/candidates.hpp"

#include "support/catch.hpp"
#include "util/text.hpp"

#include <fmt/format.h>

#include <set>
#include <string>
#include <vector>

using namespace isinfetch;

namespace {

std::string urls(const char* pattern, std::chrono::year_month_day today, int days_back) {
    std::vector<std::string> all;
    for (const DatedUrl& each : dated_urls(UrlPattern::parse(pattern), today, days_back)) {
        all.push_back(each.url);
    }
    return join(all, " ");
}

/// Which of `there` a walk finds, and which numbers it tries on its way.
std::string walk(NumberWalk walk, const std::set<std::uint64_t>& there) {
    std::vector<std::string> tried;
    while (const auto number = walk.next()) {
        tried.push_back(std::to_string(*number));
        walk.tell(there.contains(*number));
    }
    return fmt::format("{} of {}{}",
                       walk.highest() ? std::to_string(*walk.highest()) : "none",
                       join(tried, ","),
                       walk.hit_limit() ? " limit" : "");
}

}  // namespace

TEST_CASE("days are tried from today backwards, each URL once", "[discover][dated]") {
    struct Case {
        const char* pattern;
        std::chrono::year_month_day today;
        int days_back;
        const char* urls;
    };
    using std::chrono::year;
    // clang-format off
    const auto row = GENERATE(values<Case>({
        {"{%Y%m%d}", year{2026} / 1 / 2,   3, "20260102 20260101 20251231 20251230"},
        {"{%Y%m%d}", year{2024} / 3 / 1,   1, "20240301 20240229"},
        {"{%Y%m%d}", year{2026} / 3 / 1,   0, "20260301"},
        {"{%Yq%q}",  year{2026} / 4 / 2, 100, "2026q2 2026q1 2025q4"},
        {"{%Yq%q}",  year{2026} / 6 / 30, 91, "2026q2 2026q1"},
        {"{%y-%m}",  year{2026} / 1 / 31, 31, "26-01 25-12"},
        {"{%Y}",     year{2026} / 1 / 1,   7, "2026 2025"},
    }));
    // clang-format on
    CAPTURE(row.pattern);
    CHECK(urls(row.pattern, row.today, row.days_back) == row.urls);
}

TEST_CASE("numbers are tried upwards over gaps", "[discover][numbered]") {
    struct Case {
        std::uint64_t first;
        int gap;
        int limit;
        std::set<std::uint64_t> there;
        const char* walk;
    };
    // clang-format off
    const auto row = GENERATE(values<Case>({
        {79, 3, 100, {79, 80, 82},   "82 of 79,80,81,82,83,84,85,86"},
        {79, 0, 100, {79, 80, 82},   "80 of 79,80,81"},
        {79, 1, 100, {79, 80, 82},   "82 of 79,80,81,82,83,84"},
        {79, 1, 100, {79, 82},       "79 of 79,80,81"},
        {79, 2, 100, {82},           "none of 79,80,81"},
        {79, 3, 100, {82},           "82 of 79,80,81,82,83,84,85,86"},
        {1,  1, 4,   {1, 2, 3, 4},   "4 of 1,2,3,4 limit"},
        {1,  1, 4,   {1, 2},         "2 of 1,2,3,4"},
        {1,  1, 4,   {1, 2, 3},      "3 of 1,2,3,4 limit"},
        {1,  3, 2,   {},             "none of 1,2 limit"},
    }));
    // clang-format on
    CAPTURE(row.first, row.gap, row.there);
    CHECK(walk(NumberWalk(row.first, row.gap, row.limit), row.there) == row.walk);
}
