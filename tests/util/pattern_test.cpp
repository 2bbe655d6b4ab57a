#include "util/pattern.hpp"

#include "support/catch.hpp"

using namespace isinfetch;

TEST_CASE("a star in a pattern is any text", "[pattern]") {
    struct Row {
        const char* text;
        const char* pattern;
        bool matches;
    };
    const auto row = GENERATE(values<Row>({
        {"1.0 All Equity", "1.0 *", true},
        {"1.1 Shares", "1.0 *", false},
        {"1.1 Shares", "*", true},
        {"", "*", true},
        {"", "", true},
        {"a", "", false},
        {"Disclaimer", "DISCLAIMER", true},
        {"Disclaimers", "Disclaimer", false},
        {"abcabd", "*abd", true},
        {"abcabd", "*ab*d*", true},
        {"abcabd", "a?c*", true},
        {"abc", "abc?", false},
        {"a*c", "a*c", true},
        {"aaaaaaaaaaaaaaaaaaaaaaaab", "*a*a*a*a*a*a*a*c", false},
    }));
    CAPTURE(row.text, row.pattern);
    CHECK(matches_pattern(row.text, row.pattern) == row.matches);
}
