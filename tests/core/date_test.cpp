#include "core/date.hpp"

#include "support/catch.hpp"

using namespace isinfetch;

TEST_CASE("dates are read as publishers write them", "[date]") {
    struct Case {
        const char* text;
        DateOrder order;
        const char* expected;  // "": none
        const char* why;
    };
    constexpr auto kDay = DateOrder::day_month;
    constexpr auto kMonth = DateOrder::month_day;
    // clang-format off
    const auto row = GENERATE_COPY(values<Case>({
        {"06-OCT-2008",         kDay,   "2008-10-06", "NSE"},
        {"15-May-26",           kDay,   "2026-05-15", "NSE's sibling lists"},
        {"7-Aug-20",            kDay,   "2020-08-07", "one digit"},
        {"08-Jan-70",           kDay,   "1970-01-08", "two-digit years from 70 are 19xx"},
        {"18.04.2019",          kDay,   "2019-04-18", "Xetra"},
        {"23.11.2016 0:00:00",  kDay,   "2016-11-23", "a time of day behind it"},
        {"2021-01-18T00:01:00Z",kDay,   "2021-01-18", "ISO with time"},
        {"20210118",            kDay,   "2021-01-18", "ISO without hyphens"},
        {"03/04/2025",          kDay,   "2025-04-03", "day first"},
        {"03/04/2025",          kMonth, "2025-03-04", "month first"},
        {"03.04.2025",          kMonth, "2025-04-03", "dots are always day first"},
        {"2025/04/03",          kMonth, "2025-04-03", "year first"},
        {"31.02.2025",          kDay,   "",           "no such day"},
        {"13/13/2025",          kDay,   "",           "no such month"},
        {"-",                   kDay,   "",           "a placeholder"},
        {"",                    kDay,   "",           "empty"},
        {"01-juin-23",          kDay,   "",           "a month of another language"},
        {"1-2",                 kDay,   "",           "two parts"},
        {"100.01.2020",         kDay,   "",           "three-digit day"},
    }));
    // clang-format on
    CAPTURE(row.text, row.why);
    CHECK(parse_date(row.text, row.order).value_or("") == row.expected);
}
