#include "cli/value_check.hpp"

#include "support/catch.hpp"

#include <limits>

using namespace isinfetch::cli;

TEST_CASE("values are judged by the word that --help has for them", "[cli]") {
    struct Case {
        const char* label;
        const char* text;
        const char* complaint;
    };
    const std::vector<Case> cases{
        {"DURATION", "1h30m", ""},
        {"DURATION", "soon", "'soon' is not a duration such as 30s, 5m or 7d"},
        {"DATE", "2026-05-17", ""},
        {"DATE", "2026-05-17T08:00:00Z", ""},
        {"DATE",
         "2026-02-30",
         "'2026-02-30' is neither a day (2026-05-17) nor a time (2026-05-17T08:00:00Z)"},
        {"DATE",
         "17.05.2026",
         "'17.05.2026' is neither a day (2026-05-17) nor a time (2026-05-17T08:00:00Z); did you"
         " mean '2026-05-17'?"},
        {"DATE",
         "05/06/2026",
         "'05/06/2026' is neither a day (2026-05-17) nor a time (2026-05-17T08:00:00Z)"},
        {"DAY", "2026-05-17", ""},
        {"DAY",
         "2026-05-17T08:00:00Z",
         "'2026-05-17T08:00:00Z' is not a day such as 2026-05-17; did you mean '2026-05-17'?"},
        {"DAY",
         "20260517",
         "'20260517' is not a day such as 2026-05-17; did you mean '2026-05-17'?"},
        {"WHEN", "7d", ""},
        {"WHEN", "2026-05-17", ""},
        {"WHEN",
         "last week",
         "'last week' is neither a day (2026-05-17), nor a time (2026-05-17T08:00:00Z), nor a"
         " duration (7d)"},
        {"CC", "DE", ""},
        {"CC", "xs", ""},
        {"CC",
         "DEU",
         "'DEU' is not the two letters that an ISIN begins with, such as DE or XS; did you mean"
         " 'DE' (Germany)?"},
        {"CC", "12", "'12' is not the two letters that an ISIN begins with, such as DE or XS"},
        {"MIC", "XETR", ""},
        {"MIC", "xhkg", ""},
        {"MIC",
         "XETRA",
         "'XETRA' is not a MIC, which has four letters or digits; did you mean 'XETR'?"},
        {"MIC",
         "X-TR",
         "'X-TR' is not a MIC, which has four letters or digits; did you mean 'XETR'?"},
        {"CFI", "ES", ""},
        {"CFI", "esvufr", ""},
        {"CFI",
         "ESVUFRX",
         "'ESVUFRX' is not a CFI code, nor the beginning of one, such as ES or ESVUFR"},
        {"CFI", "ES*", "'ES*' is not a CFI code, nor the beginning of one, such as ES or ESVUFR"},
        {"CFI", "XS", "'XS' is not a CFI code: none begins with its first letter"},
        {"CFI", "EQ", "'EQ' is not a CFI code: equities have no group 'Q'"},
        {"LEI", "5493001KJTIIGC8Y1R12", ""},
        {"LEI", "abc", "'abc' is not an LEI: it has 3 characters, and an LEI has 20"},
        {"LEI",
         "5493001KJTIIGC8Y1R1-",
         "'5493001KJTIIGC8Y1R1-' is not an LEI, which has letters and digits only"},
        {"KEY=VALUE", "jobs=1", ""},
        {"KEY=VALUE",
         "jobs",
         "'jobs' is not KEY=VALUE, such as network.proxy=http://proxy.example:3128"},
        {"KEY=VALUE",
         "=1",
         "'=1' is not KEY=VALUE, such as network.proxy=http://proxy.example:3128"},
        {"FILE", "", "the value is empty"},
        {"ISIN", "", ""},
    };
    for (const Case& row : cases) {
        CAPTURE(row.label, row.text);
        CHECK(complaint_about({.kind = ValueKind::text, .label = row.label}, row.text) ==
              row.complaint);
    }
}

TEST_CASE("a number must be whole and within its bounds", "[cli]") {
    struct Case {
        const char* text;
        bool good;
    };
    const std::vector<Case> cases{{"1", true},
                                  {"64", true},
                                  {"0", false},
                                  {"65", false},
                                  {"-1", false},
                                  {"1.5", false},
                                  {"x", false},
                                  {" 1", false},
                                  {"99999999999999999999", false},
                                  {"+1", false},
                                  {"0x1", false},
                                  {"1 ", false}};
    const ValueModel jobs{.kind = ValueKind::text, .label = "N", .least = 1, .most = 64};
    for (const Case& row : cases) {
        CAPTURE(row.text);
        CHECK(complaint_about(jobs, row.text).empty() == row.good);
    }
    const ValueModel large{.kind = ValueKind::text,
                           .label = "N",
                           .least = 1,
                           .most = std::numeric_limits<std::int64_t>::max()};
    CHECK(complaint_about(large, "0") == "'0' is not a whole number of at least 1");
}
