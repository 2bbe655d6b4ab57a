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
    constexpr auto kYear = DateOrder::year_month;
    // clang-format off
    const auto row = GENERATE_COPY(values<Case>({
        {"06-OCT-2008",         kDay,   "2008-10-06", "NSE"},
        {"15-May-26",           kDay,   "2026-05-15", "NSE's sibling lists"},
        {"7-Aug-20",            kDay,   "2020-08-07", "one digit"},
        {"08-Jan-70",           kDay,   "1970-01-08", "two-digit years from 70 are 19xx"},
        {"18.04.2019",          kDay,   "2019-04-18", "Xetra"},
        {"23.11.2016 0:00:00",  kDay,   "2016-11-23", "a time of day behind it"},
        {"2021-01-18T00:01:00Z",kDay,   "2021-01-18", "ISO with time"},
        {"2024-02-29",          kDay,   "2024-02-29", "ISO, a leap day"},
        {"2023-02-29",          kDay,   "",           "ISO, no leap year"},
        {"2023-13-01",          kMonth, "",           "ISO, no such month"},
        {"2023-00-10",          kDay,   "",           "ISO, month nought"},
        {"2023-1-05",           kDay,   "2023-01-05", "ISO, but for a digit"},
        {"2023-01-05T",         kDay,   "",           "ISO without its time"},
        {"\t2023-01-05 \v",     kMonth, "2023-01-05", "ISO between blanks"},
        {"20210118",            kDay,   "2021-01-18", "ISO without hyphens"},
        {"03/04/2025",          kDay,   "2025-04-03", "day first"},
        {"03/04/2025",          kMonth, "2025-03-04", "month first"},
        {"03.04.2025",          kMonth, "2025-04-03", "dots are always day first"},
        {"2025/04/03",          kMonth, "2025-04-03", "year first"},
        {"31.02.2025",          kDay,   "",           "no such day"},
        {"13/13/2025",          kDay,   "",           "no such month"},
        {"-",                   kDay,   "",           "a placeholder"},
        {"",                    kDay,   "",           "empty"},
        {"03-04-2025",          kMonth, "2025-03-04", "hyphens follow the order"},
        {"25/04/03",            kYear,  "2025-04-03", "year first, of two digits"},
        {"03/04/2025",          kYear,  "2025-04-03", "four digits at the end are the year"},
        {"25-Apr-03",           kYear,  "2025-04-03", "year first, a month's name"},
        {"2025-Apr-03",         kDay,   "2025-04-03", "a month's name in the middle"},
        {"31 January 2023",     kDay,   "2023-01-31", "LSE"},
        {"January 31, 2023",    kDay,   "2023-01-31", "the month first by its name"},
        {"Sept. 1, 2023",       kDay,   "2023-09-01", "an abbreviation with a dot"},
        {"31-Jan-2023 10:15",   kDay,   "2023-01-31", "a time behind a name"},
        {"15May2026",           kDay,   "2026-05-15", "nothing between"},
        {"04/jan/2016",         kDay,   "2016-01-04", "Portuguese"},
        {"01 de fevereiro",     kDay,   "",           "no year"},
        {"12-dez-16",           kDay,   "2016-12-12", "Portuguese"},
        {"03-ago-2016",         kDay,   "2016-08-03", "Portuguese and Spanish"},
        {"1 set 2016",          kDay,   "2016-09-01", "Portuguese and Italian"},
        {"7-out-2016",          kDay,   "2016-10-07", "Portuguese"},
        {"3. März 2025",        kDay,   "2025-03-03", "German"},
        {"01-juin-23",          kDay,   "2023-06-01", "French"},
        {"01-juil-23",          kDay,   "2023-07-01", "French"},
        {"1 août 2023",         kDay,   "2023-08-01", "French"},
        {"01-kesä-23",          kDay,   "",           "a month of another language"},
        {"03042025",            kDay,   "2025-04-03", "eight digits that begin with no year"},
        {"03042025",            kMonth, "2025-03-04", "the same, month first"},
        {"19102010",            kDay,   "2010-10-19", "1910-20 is no month"},
        {"250403",              kYear,  "2025-04-03", "six digits"},
        {"030425",              kDay,   "2025-04-03", "six digits, day first"},
        {"20210118093000",      kDay,   "2021-01-18", "a timestamp without marks"},
        {"20210118T093000Z",    kDay,   "2021-01-18", "ISO without hyphens, with time"},
        {"45750",               kDay,   "2025-04-03", "days as Excel counts them"},
        {"45750.75",            kDay,   "2025-04-03", "the same with a time"},
        {"99991231",            kDay,   "9999-12-31", "B3: no end"},
        {"1962/02/09",          kDay,   "1962-02-09", "TWSE"},
        {"09/08/2025 16:25",    kMonth, "2025-09-08", "Euronext"},
        {"19999",               kDay,   "",           "too early for days"},
        {"20000",               kDay,   "1954-10-03", "the first days"},
        {"80000",               kDay,   "2119-01-11", "the last days"},
        {"80001",               kDay,   "",           "too late for days"},
        {"90000",               kDay,   "",           "a number"},
        {"020000",              kYear,  "",           "six digits are no days"},
        {"123456789",           kDay,   "",           "another number"},
        {"1.2.3.4",             kDay,   "",           "four parts"},
        {"2021-01-18x",         kDay,   "",           "something behind it"},
        {"Tuesday",             kDay,   "",           "a word"},
        {"a b c",               kDay,   "",           "words"},
        {"0/0/0",               kDay,   "",           "zeros"},
        {"1-2",                 kDay,   "",           "two parts"},
        {"100.01.2020",         kDay,   "",           "three-digit day"},
        {"2023-001-05",         kDay,   "",           "three-digit month"},
        {"1-Jan-023",           kDay,   "",           "three-digit year"},
        {"1-Jan-02023",         kDay,   "",           "five-digit year"},
        {"31, 01, 2023",        kDay,   "2023-01-31", "two signs between"},
        {"31 - 01 - 2023",      kDay,   "",           "three signs between"},
        {"31/01/2023, 10:15",   kDay,   "2023-01-31", "a time behind a comma"},
        {"18000101",            kDay,   "1800-01-01", "the first year at the front"},
        {"17991231",            kDay,   "",           "too early for one: day 17 of month 99"},
        {"2021011809300",       kDay,   "",           "13 digits"},
    }));
    // clang-format on
    CAPTURE(row.text, row.why);
    CHECK(parse_date(row.text, row.order).value_or("") == row.expected);
}

TEST_CASE("months are known by their names in six languages", "[date]") {
    struct Month {
        const char* number;
        std::vector<const char*> names;
    };
    const std::vector<Month> months{
        {"01", {"January", "janeiro", "enero", "Januar", "janvier", "gennaio", "Jänner"}},
        {"02", {"February", "fevereiro", "febrero", "Februar", "février", "febbraio"}},
        {"03", {"March", "março", "marzo", "März", "Mrz", "mars"}},
        {"04", {"April", "abril", "avril", "aprile"}},
        {"05", {"May", "maio", "mayo", "Mai", "maggio"}},
        {"06", {"June", "junho", "junio", "Juni", "juin", "giugno"}},
        {"07", {"July", "julho", "julio", "Juli", "juillet", "luglio"}},
        {"08", {"August", "agosto", "août", "aout"}},
        {"09", {"September", "setembro", "septiembre", "septembre", "settembre"}},
        {"10", {"October", "outubro", "octubre", "Oktober", "octobre", "ottobre"}},
        {"11", {"November", "novembro", "noviembre", "novembre"}},
        {"12", {"December", "dezembro", "diciembre", "Dezember", "décembre", "dicembre"}},
    };
    for (const Month& month : months) {
        for (const char* const name : month.names) {
            CAPTURE(name);
            CHECK(parse_date(std::string("9 ") + name + " 2026", DateOrder::day_month) ==
                  std::string("2026-") + month.number + "-09");
        }
    }
}

TEST_CASE("the day before a day", "[date]") {
    CHECK(day_before("2026-11-23") == "2026-11-22");
    CHECK(day_before("2026-01-01") == "2025-12-31");
    CHECK(day_before("2024-03-01") == "2024-02-29");
    for (const char* const text : {"", "2026-1-01", "2026-13-01", "2026-11-230", "23.11.2026"}) {
        CAPTURE(text);
        CHECK_FALSE(day_before(text));
    }
}

TEST_CASE("two-digit years of what is past begin their century earlier", "[date]") {
    CHECK(parse_date("29-Apr-63", DateOrder::day_month, kPastCentury) == "1963-04-29");
    CHECK(parse_date("29-Apr-63", DateOrder::day_month) == "2063-04-29");
    CHECK(parse_date("29-Apr-49", DateOrder::day_month, kPastCentury) == "2049-04-29");
    CHECK(parse_date("29-Apr-2063", DateOrder::day_month, kPastCentury) == "2063-04-29");
    // The year from which on they are of the century before.
    CHECK(parse_date("29-Apr-69", DateOrder::day_month) == "2069-04-29");
    CHECK(parse_date("29-Apr-70", DateOrder::day_month) == "1970-04-29");
    CHECK(parse_date("29-Apr-99", DateOrder::day_month) == "1999-04-29");
    CHECK(parse_date("29-Apr-50", DateOrder::day_month, kPastCentury) == "1950-04-29");
    CHECK(parse_date("29-Apr-00", DateOrder::day_month, kPastCentury) == "2000-04-29");
}
