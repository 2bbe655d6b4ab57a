#include "core/prefix.hpp"

#include "support/catch.hpp"

#include <map>
#include <string>

using namespace isinfetch;

TEST_CASE("what an ISIN may begin with, and who says so", "[prefix]") {
    struct Case {
        const char* code;
        bool assigned;
        bool accepted;
        const char* why;
    };
    // clang-format off
    const auto row = GENERATE(values<Case>({
        {"US", true,  true,  "a country"},
        {"AX", true,  true,  "a territory"},
        {"ZW", true,  true,  "the last country"},
        {"XS", true,  true,  "international securities"},
        {"EZ", true,  true,  "derivatives"},
        {"EU", true,  true,  "the European Union"},
        {"XT", true,  true,  "crypto assets"},
        {"XA", true,  true,  "a substitute agency"},
        {"ZZ", true,  true,  "in the standard, never seen"},
        {"AN", false, true,  "withdrawn, yet traded"},
        {"SU", false, true,  "withdrawn"},
        {"QS", false, true,  "practice"},
        {"XF", false, true,  "practice"},
        {"QX", false, false, "only seen"},
        {"DU", false, false, "internal"},
        {"QZ", false, false, "UPI"},
        {"UK", false, false, "a common mistake"},
        {"us", false, false, "lower case"},
        {"",   false, false, "nothing"},
        {"U",  false, false, "one letter"},
        {"USA", false, false, "three letters"},
    }));
    // clang-format on
    CAPTURE(row.code, row.why);
    CHECK(is_assigned_prefix(row.code) == row.assigned);
    CHECK(is_accepted_prefix(row.code) == row.accepted);
}

TEST_CASE("the table holds every class in its number", "[prefix]") {
    std::map<PrefixClass, int> counts;
    std::string previous;
    for (const Prefix& prefix : prefix_table()) {
        CAPTURE(prefix.code);
        CHECK(prefix.code > previous);
        CHECK_FALSE(prefix.meaning.empty());
        CHECK_FALSE(prefix.source.empty());
        CHECK(find_prefix(prefix.code) == &prefix);
        previous = prefix.code;
        ++counts[prefix.category];
    }
    CHECK(counts[PrefixClass::country] == 249);  // ISO 3166-1, 2022
    CHECK(counts[PrefixClass::special] == 9);
    CHECK(find_prefix("AN")->meaning.find("Antilles") != std::string_view::npos);
    CHECK(find_prefix("CI")->meaning == "Côte d'Ivoire");
    CHECK(find_prefix("IE")->nsin == NsinRule::sedol_letter);
}
