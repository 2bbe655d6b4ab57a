#include "core/isin.hpp"

#include "support/catch.hpp"

using namespace isinfetch;

namespace {

struct IsinCase {
    const char* text;
    IsinDefect expected;
    const char* why;
};

}  // namespace

TEST_CASE("an ISIN is judged by the first rule it breaks", "[isin]") {
    // clang-format off
    const auto row = GENERATE(values<IsinCase>({
        {"US0378331005",  IsinDefect::none,        "digits after the prefix"},
        {"GB0002634946",  IsinDefect::none,        "leading zeros count"},
        {"AU0000XVGZA3",  IsinDefect::none,        "letters in the middle"},
        {"AU0000VXGZA3",  IsinDefect::none,        "a transposition the check digit cannot see"},
        {"EZR9HY1361L7",  IsinDefect::none,        "the random body of a derivative"},
        {"XTV15WLZJMF0",  IsinDefect::none,        "a crypto asset"},
        {"NOISINFOUND9",  IsinDefect::none,        "ESMA's placeholder passes every check"},
        {"US0378331006",  IsinDefect::check_digit, "last digit off by one"},
        {"US0373831005",  IsinDefect::check_digit, "two neighbouring digits swapped"},
        {"XS0182029262",  IsinDefect::check_digit, "in London's official list for years"},
        {"",              IsinDefect::length,      "empty"},
        {"US037833100",   IsinDefect::length,      "eleven characters"},
        {" US0378331005", IsinDefect::length,      "not trimmed for you"},
        {"us0378331005",  IsinDefect::alphabet,    "not upper-cased for you"},
        {"US037833100X",  IsinDefect::alphabet,    "the check digit is a digit"},
        {"US03783310*5",  IsinDefect::alphabet,    "only CUSIP has * @ #"},
        {"120378331005",  IsinDefect::prefix,      "digits where the prefix should be"},
    }));
    // clang-format on
    CAPTURE(row.text, row.why);
    CHECK(Isin::inspect(row.text) == row.expected);
    CHECK(Isin::parse(row.text).has_value() == (row.expected == IsinDefect::none));
}

TEST_CASE("a byte that is no ASCII is a defect, not a crash", "[isin]") {
    CHECK(Isin::inspect({"US037833100\0", 12}) == IsinDefect::alphabet);
    CHECK(Isin::inspect("US03783310\xC3\x9F") == IsinDefect::alphabet);
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
