#include "core/lei.hpp"

#include "support/catch.hpp"

#include <string>

using namespace isinfetch;

TEST_CASE("an LEI is judged by the first rule that it breaks", "[lei]") {
    struct Case {
        const char* text;
        Inspection expected;
        const char* why;
    };
    // clang-format off
    const auto row = GENERATE(values<Case>({
        {"HWUPKR0MPOU8FGXBT394",  {}, "Apple, given before characters 5 and 6 were reserved"},
        {"5493006MHB84DD0ZWV18",  {}, "Alphabet, with 00 there"},
        {"529900MPRO0091N5NQ64",  {}, "of ESMA's delta of 2017-10-27"},
        {"HWUPKR0MPOU8FGXBT395",  {Defect::check_digit, 19, '4'}, "second check digit"},
        {"HWUPKR0MPOU8FGXBT384",  {Defect::check_digit, 18, '9'}, "first check digit"},
        {"HWUPKR0MPOU8FGXBT300",  {Defect::check_digit, 18, '9'}, "both: the first is named"},
        {"HWUPKR0MPOU8FGXTB394",  {Defect::check_digit, 18, '8'}, "neighbours swapped"},
        {"hwupkr0mpou8fgxbt394",  {Defect::character, 0}, "not upper-cased for you"},
        {"HWUPKR0MPOU8FGXB-394",  {Defect::character, 16}, "a hyphen"},
        {"HWUPKR0MPOU8FGXBT3A4",  {Defect::character, 18}, "check digits are digits"},
        {"HWUPKR0MPOU8FGXBT39",   {Defect::length, 19}, "one short"},
        {"HWUPKR0MPOU8FGXBT394 ", {Defect::length, 21}, "not trimmed for you"},
        {"",                      {Defect::length, 0}, "nothing"},
    }));
    // clang-format on
    CAPTURE(row.text, row.why);
    CHECK(inspect_lei(row.text) == row.expected);
}

TEST_CASE("the check digits of an LEI make the remainder one", "[lei]") {
    struct Case {
        const char* body;
        const char* digits;
    };
    const auto row = GENERATE(values<Case>({{"HWUPKR0MPOU8FGXBT3", "94"},
                                            {"5493006MHB84DD0ZWV", "18"},
                                            {"000000000000000000", "98"},
                                            {"ZZZZZZZZZZZZZZZZZZ", "40"}}));
    CAPTURE(row.body);
    const auto digits = lei_check_digits(row.body);
    REQUIRE(digits);
    CHECK(std::string(digits->data(), 2) == row.digits);
    CHECK(inspect_lei(std::string(row.body) + row.digits).good());
    CHECK_FALSE(lei_check_digits("HWUPKR0MPOU8FGXBT"));
    CHECK_FALSE(lei_check_digits("HWUPKR0MPOU8FGXBt3"));
}

TEST_CASE("check digits that nobody calculates are right when the remainder is", "[lei]") {
    CHECK(inspect_lei("00000000000000000098").good());
    CHECK(inspect_lei("00000000000000000001").good());
    CHECK(inspect_lei("00000000000000000002") == Inspection{Defect::check_digit, 18, '9'});
}
