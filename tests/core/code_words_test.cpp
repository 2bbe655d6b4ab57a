#include "core/code_words.hpp"

#include "core/mic.hpp"
#include "core/prefix.hpp"
#include "support/catch.hpp"

using namespace isinfetch;

TEST_CASE("a country is offered for what people write for it", "[core]") {
    struct Case {
        const char* text;
        const char* country;
        const char* why;
    };
    const std::vector<Case> cases{
        {"DEU", "DE", "three letters of ISO 3166"},
        {"chn", "CN", "whose first two are another country"},
        {"AUT", "AT", "so that no rule would do"},
        {"SWE", "SE", "nor that one"},
        {"Germany", "DE", "the name"},
        {"Germny", "DE", "nearly the name"},
        {"USA", "US", "three letters"},
        {"UK", "GB", "a habit"},
        {"EL", "GR", "the European Union's"},
        {"Holland", "NL", "another habit"},
        {" holland ", "NL", "with blanks"},
        {"DX", "", "nothing known"},
        {"", "", "nothing at all"},
        {"QQQQQQQQ", "", "no name"},
    };
    for (const Case& row : cases) {
        CAPTURE(row.text, row.why);
        CHECK(country_meant_by(row.text) == row.country);
    }
}

TEST_CASE("all countries have three letters, too", "[core]") {
    for (const char* pair : {"AFGAF", "ALAAX", "ZWEZW", "GBRGB", "TWNTW", "ZAFZA"}) {
        const std::string_view text = pair;
        CHECK(country_meant_by(text.substr(0, 3)) == text.substr(3));
        CHECK(find_prefix(text.substr(3)) != nullptr);
    }
}

TEST_CASE("a venue is offered for what people call it", "[core]") {
    struct Case {
        const char* text;
        const char* mic;
    };
    for (const Case& row : std::vector<Case>{{"XETRA", "XETR"},
                                             {"nyse", "XNYS"},
                                             {"Nasdaq", "XNAS"},
                                             {"HKEX", "XHKG"},
                                             {"XETR1", "XETR"},
                                             {"", ""},
                                             {"Greifswald", ""}}) {
        CAPTURE(row.text);
        CHECK(mic_meant_by(row.text) == row.mic);
        CHECK((*row.mic == '\0' || inspect_mic(mic_meant_by(row.text)).good()));
    }
}
