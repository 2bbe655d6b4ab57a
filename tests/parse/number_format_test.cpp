#include "parse/number_format.hpp"

#include "support/catch.hpp"

using namespace isinfetch;

namespace {

std::string shown(std::string_view number,
                  NumberStyle style = {},
                  DateSystem system = DateSystem::from_1900) {
    std::string text = "<";
    show_number(number, style, system, text);
    return text.substr(1);
}

}  // namespace

TEST_CASE("a format code says whether a number is a date", "[workbook]") {
    struct Row {
        const char* code;
        NumberKind kind;
        const char* why;
    };
    using K = NumberKind;
    const auto row = GENERATE(values<Row>({
        {"General", K::plain, "has an e, an n and an l"},
        {"", K::plain, "says nothing"},
        {"0", K::plain, ""},
        {"#,##0.00", K::plain, ""},
        {"0.00E+00", K::plain, "E is an exponent"},
        {"@", K::plain, "text"},
        {"#,##0 \"days\"", K::plain, "a d in quotes is shown as it is"},
        {"0\\d", K::plain, "so is one behind a backslash"},
        {"0_d", K::plain, "and the width of one"},
        {"[Red]0.00", K::plain, "a colour has a d"},
        {"[$-409]#,##0", K::plain, "a language"},
        {"\\£#,##0.00;[Red]\\£#,##0.00", K::plain, "of the LSE"},
        {"0;\"yes\"", K::plain, "another section"},
        {"0;dd", K::plain, "only the first section counts"},
        {"dd\\/mm\\/yyyy", K::date, "of the LSE"},
        {"yyyy-mm-dd", K::date, ""},
        {"[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", K::date, ""},
        {"MMM-YY", K::date, "capitals"},
        {"mmmm", K::date, "months alone"},
        {"d.m.yy;@", K::date, ""},
        {"yyyy\"年\"m\"月\"d\"日\"", K::date, ""},
        {"dd/mm/yyyy hh:mm", K::date_time, ""},
        {"m/d/yy h:mm AM/PM", K::date_time, ""},
        {"h:mm", K::time, "m is minutes"},
        {"mm:ss.0", K::time, ""},
        {"h AM/PM", K::time, ""},
        {"[h]:mm:ss", K::time, "time that has passed"},
        {"[mm]:ss", K::time, ""},
        {"\"unclosed", K::plain, "a quote that does not end"},
        {"[unclosed", K::plain, ""},
        {"0\\", K::plain, "nothing behind the backslash"},
    }));
    CAPTURE(row.code, row.why);
    CHECK(style_of_code(row.code).kind == row.kind);
}

TEST_CASE("built-in formats are known by their numbers", "[workbook]") {
    CHECK(built_in_style(0).kind == NumberKind::plain);
    CHECK(built_in_style(14).kind == NumberKind::date);
    CHECK(built_in_style(17).kind == NumberKind::date);
    CHECK(built_in_style(20).kind == NumberKind::time);
    CHECK(built_in_style(22).kind == NumberKind::date_time);
    CHECK(built_in_style(31).kind == NumberKind::date);
    CHECK(built_in_style(37).kind == NumberKind::plain);
    CHECK(built_in_style(49).kind == NumberKind::plain);
    CHECK(built_in_style(58).kind == NumberKind::date);
    CHECK(built_in_style(59).kind == NumberKind::plain);
}

TEST_CASE("numbers are shown as they were published, without noise", "[workbook]") {
    struct Row {
        const char* number;
        const char* text;
    };
    const auto row = GENERATE(values<Row>({
        {"0", "0"},
        {"1.0", "1"},
        {"43333", "43333"},
        {"2.958465e6", "2958465"},
        {"-12.50", "-12.5"},
        {"10637.918255", "10637.918255"},
        {"0.30000000000000004", "0.3"},
        {"5.0000000000000003E-2", "0.05"},
        {"500325000000", "500325000000"},
        {"1E+20", "1e+20"},
        {" 7 ", "7"},
        {"abc", "abc"},
        {"12x", "12x"},
        {"1e999", "1e999"},
        {"nan", "nan"},
        {"", ""},
    }));
    CAPTURE(row.number);
    CHECK(shown(row.number) == row.text);
}

TEST_CASE("codes of zeros give leading zeros", "[workbook]") {
    const NumberStyle five = style_of_code("00000");
    CHECK(shown("1", five) == "00001");
    CHECK(shown("123456", five) == "123456");
    CHECK(shown("1.5", five) == "1.5");
    CHECK(shown("-1", five) == "-0001");
    CHECK(style_of_code("0").digits == 0);
}

TEST_CASE("serial numbers are dates in both date systems", "[workbook]") {
    struct Row {
        const char* number;
        NumberKind kind;
        DateSystem system;
        const char* text;
    };
    using K = NumberKind;
    constexpr auto k1900 = DateSystem::from_1900;
    constexpr auto k1904 = DateSystem::from_1904;
    const auto row = GENERATE(values<Row>({
        {"1", K::date, k1900, "1900-01-01"},
        {"59", K::date, k1900, "1900-02-28"},
        {"61", K::date, k1900, "1900-03-01"},
        {"43333", K::date, k1900, "2018-08-21"},
        {"43333.75", K::date, k1900, "2018-08-21"},
        {"43333.75", K::date_time, k1900, "2018-08-21 18:00:00"},
        {"43333", K::date_time, k1900, "2018-08-21"},
        {"43333.999999999", K::date_time, k1900, "2018-08-22"},
        {"73110", K::date, k1900, "2100-03-01"},
        {"2.958465e6", K::date, k1900, "9999-12-31"},
        {"2958466", K::date, k1900, "2958466"},
        {"2958465.9999999", K::date_time, k1900, "2958465.9999999"},
        {"-1", K::date, k1900, "-1"},
        {"0", K::date, k1900, "0"},
        {"0.5", K::time, k1900, "12:00:00"},
        {"0.5", K::date, k1900, "0.5"},
        {"1.5", K::time, k1900, "1900-01-01 12:00:00"},
        {"0", K::date, k1904, "1904-01-01"},
        {"41871", K::date, k1904, "2018-08-21"},
        {"41871.5", K::date_time, k1904, "2018-08-21 12:00:00"},
        {"0.25", K::time, k1904, "06:00:00"},
        {"2957004", K::date, k1904, "2957004"},
        {"soon", K::date, k1900, "soon"},
    }));
    CAPTURE(row.number, row.text);
    CHECK(shown(row.number, {.kind = row.kind}, row.system) == row.text);
}
