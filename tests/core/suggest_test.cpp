#include "core/suggest.hpp"

#include "core/isin_verdict.hpp"
#include "core/look_alikes.hpp"
#include "support/catch.hpp"

#include <string>

using namespace isinfetch;

namespace {

std::string first_of(const std::vector<Suggestion>& suggestions) {
    return suggestions.empty() ? "" : suggestions.front().isin;
}

}  // namespace

TEST_CASE("the first suggestion is the likeliest slip", "[suggest]") {
    struct Case {
        const char* text;
        const char* first;
        const char* slip;
    };
    // clang-format off
    const auto row = GENERATE(values<Case>({
        {"us0378331005",       "US0378331005", "blanks, hyphens or small letters"},
        {"US-037833100-5",     "US0378331005", "blanks, hyphens or small letters"},
        {"US5949181O45",       "US5949181045", "O for 0 at 10, which look alike"},
        {"US594918IO45",       "US5949181045", "I for 1 at 9 and O for 0 at 10, which look alike"},
        {"DEOOOBAYOO17",       "DE000BAY0017", "O for 0 throughout, which look alike"},
        {"US0378331006",       "US0378331005", "check digit wrong"},
        {"US037833100",        "US0378331005", "check digit missing"},
        {"US5949181054",       "US5949181045", "5 and 4 swapped at 11"},
        {"US0738331005",       "US0378331005", "7 and 3 swapped at 4"},
        {"US03783331005",      "US0378331005", "3 doubled at 8"},
        {"GB000263496",        "GB0002634946", "4 missing at 11"},
        {"US59R9181045",       "US5949181045", "R for 4 at 5, keys side by side"},
        {"ISIN: US0378331005", "US0378331005", "more around it"},
        {"[US0378331005]",     "US0378331005", "more around it"},
        {"US0378331005;",      "US0378331005", "more around it"},
        {"\xD0\x90U0000XVGZA3", "AU0000XVGZA3", "characters that look like ASCII"},
        {"US\xEF\xBC\x90" "378331005", "US0378331005", "characters that look like ASCII"},
        {"US0378331005\xE2\x80\x8B", "US0378331005", "characters that look like ASCII"},
        {"GB00B56Z6W97",       "GB00B56Z6W79", "9 and 7 swapped at 11"},
    }));
    // clang-format on
    CAPTURE(row.text);
    const auto suggestions = suggest(row.text);
    REQUIRE_FALSE(suggestions.empty());
    CHECK(suggestions.front().isin == row.first);
    CHECK(suggestions.front().slip == row.slip);
}

TEST_CASE("every suggestion is a right ISIN, each one once, at most as many as asked for",
          "[suggest]") {
    for (const char* text : {"US5949181054",
                             "DE000BAY0018",
                             "FR000012073",
                             "INE0090A010211",
                             "\xFF\xFE",
                             "",
                             "foo",
                             "000000000000",
                             "XXXXXXXXXXXX"}) {
        CAPTURE(text);
        const auto suggestions = suggest(text, {}, 5);
        CHECK(suggestions.size() <= 5);
        std::string seen;
        for (const Suggestion& suggestion : suggestions) {
            CHECK(judge_isin(suggestion.isin).good());
            CHECK(seen.find(suggestion.isin) == std::string::npos);
            CHECK_FALSE(suggestion.known);
            seen += suggestion.isin + " ";
        }
    }
}

TEST_CASE("nothing is suggested for what is right, or hopeless", "[suggest]") {
    CHECK(suggest("US0378331005").empty());
    CHECK(suggest("").empty());
    CHECK(suggest("N/A").empty());
    CHECK(suggest("HWUPKR0MPOU8FGXBT394").empty());
}

TEST_CASE("what somebody lists comes first, however unlikely the slip", "[suggest]") {
    const KnownAmong known = [](const std::vector<std::string>& isins) {
        KnownIsins result;
        for (const std::string& isin : isins) {
            if (isin == "FR0000120172") {
                result[isin] = "CARREFOUR";
            }
        }
        return result;
    };
    const auto guesses = suggest("FR0000190172");
    REQUIRE(first_of(guesses) != "FR0000120172");
    const auto suggestions = suggest("FR0000190172", known);
    REQUIRE(first_of(suggestions) == "FR0000120172");
    CHECK(suggestions[0].known);
    CHECK(suggestions[0].name == "CARREFOUR");
    CHECK(suggestions[0].slip == "9 for 2 at 8");
}

TEST_CASE("a national number that does not hold speaks against a suggestion", "[suggest]") {
    // The check digit alone could be wrong, but then the CUSIP's would be wrong as well.
    const auto suggestions = suggest("US5949181054");
    for (std::size_t i = 0; i + 1 < suggestions.size(); ++i) {
        CHECK(suggestions[i].cost <= suggestions[i + 1].cost);
    }
    CHECK(suggestions.front().slip != "check digit wrong");
}

TEST_CASE("what looks alike is taken for it both ways", "[suggest]") {
    for (const char character : std::string_view("0OQD1IL2Z5S6G8B")) {
        for (const char other : look_alikes(character)) {
            CAPTURE(character, other);
            CHECK(look_alikes(other).find(character) != std::string_view::npos);
        }
    }
    for (const char character : std::string_view("1234567890QWERTYUIOPASDFGHJKLZXCVBNM")) {
        for (const char other : keys_beside(character)) {
            CAPTURE(character, other);
            CHECK(keys_beside(other).find(character) != std::string_view::npos);
        }
    }
}

TEST_CASE("other scripts have an ASCII shape, the rest stays as it is", "[suggest]") {
    CHECK(ascii_shape("\xF0\x9D\x90\x94\xF0\x9D\x90\x92"
                      "0") == "US0");                // mathematical bold
    CHECK(ascii_shape("\xD9\xA0\xD9\xA5") == "05");  // Arabic-Indic
    CHECK(ascii_shape("U\xCC\x81S") == "US");        // combining acute
    CHECK(ascii_shape("\xC3\x9C"
                      "E") ==
          "\xC3\x9C"
          "E");
    CHECK(ascii_shape("\xFFz") == "\xFFz");
}
