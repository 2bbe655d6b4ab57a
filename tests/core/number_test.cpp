#include "core/number.hpp"

#include "support/catch.hpp"

using namespace isinfetch;

TEST_CASE("numbers are read with either decimal mark", "[number]") {
    struct Case {
        const char* text;
        DecimalMark mark;
        const char* expected;  // "": none
    };
    constexpr auto kPoint = DecimalMark::point;
    constexpr auto kComma = DecimalMark::comma;
    // clang-format off
    const auto row = GENERATE_COPY(values<Case>({
        {"1",            kPoint, "1"},
        {" 1234.50 ",    kPoint, "1234.50"},
        {"1,234.5",      kPoint, "1234.5"},
        {"1,00,000",     kPoint, "100000"},
        {"-0.5",         kPoint, "-0.5"},
        {"+.5",          kPoint, "0.5"},
        {"1'234'567",    kPoint, "1234567"},
        {"1,0",          kComma, "1.0"},
        {"98000184,25",  kComma, "98000184.25"},
        {"1.234,5",      kComma, "1234.5"},
        {"1 234,5",      kComma, "1234.5"},
        {"1\u00A0234,5", kComma, "1234.5"},
        {"1\u202F234",   kComma, "1234"},
        {"1.234",        kComma, "1234"},
        {"1,5",          kPoint, ""},
        {"1,2345",       kPoint, ""},
        {"1234,567",     kPoint, ""},
        {"1.5",          kComma, ""},
        {"1,,000",       kPoint, ""},
        {"1.2.3",        kPoint, ""},
        {"1.",           kPoint, ""},
        {".",            kPoint, ""},
        {"-",            kPoint, ""},
        {"",             kPoint, ""},
        {"1e5",          kPoint, ""},
        {"HKD 1.00",     kPoint, ""},
    }));
    // clang-format on
    CAPTURE(row.text);
    CHECK(plain_number(row.text, row.mark).value_or("") == row.expected);
}
