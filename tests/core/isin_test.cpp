#include "core/isin.hpp"

#include "support/catch.hpp"

#include <array>
#include <string>
#include <unordered_set>

using namespace isinfetch;

namespace {

struct IsinCase {
    const char* text;
    Defect expected;
    const char* why;
};

}  // namespace

TEST_CASE("an ISIN is judged by the first rule it breaks", "[isin]") {
    // clang-format off
    const auto row = GENERATE(values<IsinCase>({
        {"US0378331005",  Defect::none,        "digits after the prefix"},
        {"GB0002634946",  Defect::none,        "leading zeros count"},
        {"AU0000XVGZA3",  Defect::none,        "letters in the middle"},
        {"AU0000VXGZA3",  Defect::none,        "a transposition the check digit cannot see"},
        {"EZR9HY1361L7",  Defect::none,        "the random body of a derivative"},
        {"XTV15WLZJMF0",  Defect::none,        "a crypto asset"},
        {"NOISINFOUND9",  Defect::none,        "ESMA's placeholder passes every check"},
        {"US0378331006",  Defect::check_digit, "last digit off by one"},
        {"US0373831005",  Defect::check_digit, "two neighbouring digits swapped"},
        {"XS0182029262",  Defect::check_digit, "in London's official list for years"},
        {"",              Defect::length,      "empty"},
        {"US037833100",   Defect::length,      "eleven characters"},
        {" US0378331005", Defect::character,      "not trimmed for you"},
        {"us0378331005",  Defect::character,    "not upper-cased for you"},
        {"US037833100X",  Defect::character,    "the check digit is a digit"},
        {"US03783310*5",  Defect::character,    "only CUSIP has * @ #"},
        {"120378331005",  Defect::prefix,      "digits where the prefix should be"},
    }));
    // clang-format on
    CAPTURE(row.text, row.why);
    CHECK(Isin::inspect(row.text).defect == row.expected);
    CHECK(Isin::parse(row.text).has_value() == (row.expected == Defect::none));
}

TEST_CASE("a byte that is no ASCII is a defect, not a crash", "[isin]") {
    CHECK(Isin::inspect({"US037833100\0", 12}).defect == Defect::character);
    CHECK(Isin::inspect("US03783310\xC3\x9F").defect == Defect::character);
}

TEST_CASE("a parsed ISIN gives back its text and prefix, and sorts by bytes", "[isin]") {
    const auto isin = Isin::parse("GB0002634946");
    REQUIRE(isin);
    CHECK(isin->text() == "GB0002634946");
    CHECK(isin->prefix() == "GB");
    CHECK(*Isin::parse("DE000A0GNPZ3") < *isin);
}

TEST_CASE("the check digit is calculated from the first eleven characters", "[isin]") {
    CHECK(isin_check_digit("US037833100") == '5');
    CHECK(isin_check_digit("AU0000XVGZA") == '3');
    CHECK_FALSE(isin_check_digit("US03783310"));
    CHECK_FALSE(isin_check_digit("US03783310x"));
}

TEST_CASE("every single wrong digit of an ISIN is noticed", "[isin]") {
    const std::string good = "US0378331005";
    for (std::size_t i = 2; i < good.size(); ++i) {
        for (char digit = '0'; digit <= '9'; ++digit) {
            std::string bad = good;
            bad[i] = digit;
            CHECK((bad == good) == Isin::parse(bad).has_value());
        }
    }
}

TEST_CASE("placeholders are known by name", "[isin]") {
    CHECK(is_placeholder("NOISINFOUND9"));
    CHECK_FALSE(is_placeholder("NO0010883416"));
}

TEST_CASE("a defect says where it is and what would be right", "[isin]") {
    struct Case {
        std::string_view text;
        Inspection expected;
    };
    using namespace std::string_view_literals;
    // clang-format off
    const auto row = GENERATE(values<Case>({
        {"US0378331006",         {Defect::check_digit, 11, '5'}},
        {"US037833100",          {Defect::length, 11}},
        {"",                     {Defect::length, 0}},
        {"US03378331005",        {Defect::length, 12}},
        {"US0378331005;",        {Defect::character, 12}},
        {"ISIN US0378331005",    {Defect::character, 4}},
        {"US 0378331005",        {Defect::character, 2}},
        {"US037833100O",         {Defect::character, 11}},
        {"Us0378331005",         {Defect::character, 1}},
        {"0S0378331005",         {Defect::prefix, 0}},
        {"U50378331005",         {Defect::prefix, 1}},
        {"US0378\00031005"sv,     {Defect::character, 6}},
        {"\xD0\x90U0000XVGZA3",  {Defect::character, 0}},
        {"US037833100\xD9\xA5",  {Defect::character, 11}},
    }));
    // clang-format on
    CAPTURE(row.text);
    CHECK(Isin::inspect(row.text) == row.expected);
}

TEST_CASE("the lenient form is what a person meant, and no more", "[isin]") {
    struct Case {
        const char* text;
        const char* form;
        const char* why;
    };
    // clang-format off
    const auto row = GENERATE(values<Case>({
        {"us0378331005",            "US0378331005", "lower case"},
        {" US 037833 100-5\t",      "US0378331005", "blanks and hyphens anywhere"},
        {"\r\nUS0378331005\r\n",    "US0378331005", "line ends at the ends"},
        {"US\xC2\xA0" "0378331005", "US0378331005", "a no-break space"},
        {"US0378331005\r -\n",      "US0378331005", "line ends with blanks between"},
        {"-\r\nUS0378331005",       "US0378331005", "a line end behind a hyphen"},
        {"US0378\n331005",          "US0378\n331005", "a line end inside stays"},
        {"US0378331005\f",          "US0378331005\f", "a form feed stays"},
        {"US0378331005\xE2\x80\x83", "US0378331005\xE2\x80\x83", "an em space stays"},
        {"U\xC5\xBF" "0378331005",  "U\xC5\xBF" "0378331005", "a long s is no S"},
        {"\xC4\xB1" "E00B4L5Y983",  "\xC4\xB1" "E00B4L5Y983", "a dotless i is no I"},
        {"\xEF\xBC\xB5S0378331005", "\xEF\xBC\xB5S0378331005", "a full-width U stays"},
        {"US0378331005\xC2",        "US0378331005\xC2", "half a character stays"},
        {"\r\n",                    "", "nothing but a line end"},
        {"",                        "", "nothing"},
    }));
    // clang-format on
    CAPTURE(row.why);
    CHECK(lenient_form(row.text) == row.form);
}

TEST_CASE("packed ISINs sort as their texts do, and come back", "[isin]") {
    constexpr std::array kSorted{
        "AU0000VXGZA3", "AU0000XVGZA3", "DE000A0GNPZ3", "GB0002634946", "US0378331005"};
    std::uint64_t before = 0;
    for (const char* text : kSorted) {
        CAPTURE(text);
        const auto isin = Isin::parse(text);
        REQUIRE(isin);
        CHECK(isin->packed() > before);
        CHECK(Isin::unpack(isin->packed()) == isin);
        before = isin->packed();
    }
    CHECK_FALSE(Isin::unpack(before + 1));
    CHECK_FALSE(Isin::unpack(0));
    CHECK_FALSE(Isin::unpack(~0ULL));
}

TEST_CASE("ISINs are keys of hashed sets", "[isin]") {
    const std::unordered_set<Isin> set{*Isin::parse("US0378331005"), *Isin::parse("AU0000XVGZA3")};
    CHECK(set.contains(*Isin::parse("US0378331005")));
    CHECK_FALSE(set.contains(*Isin::parse("AU0000VXGZA3")));
}
