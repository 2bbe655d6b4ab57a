#include "discover/url_pattern.hpp"

#include "support/catch.hpp"
#include "util/error.hpp"

#include <fmt/format.h>

#include <string>

using namespace isinfetch;
using std::chrono::year_month_day;

namespace {

constexpr year_month_day kDay{std::chrono::year{2026} / 7 / 3};

/// "2026-07-03 82 100": what was found; empty: no match.
std::string shown(const std::optional<PatternValues>& values) {
    if (!values) {
        return "";
    }
    const std::string day = values->day ? fmt::format("{:04}-{:02}-{:02}",
                                                      static_cast<int>(values->day->year()),
                                                      static_cast<unsigned>(values->day->month()),
                                                      static_cast<unsigned>(values->day->day()))
                                        : "-";
    return fmt::format("{} {} {}", day, values->number, values->row);
}

}  // namespace

TEST_CASE("a pattern is filled and read back", "[discover][pattern]") {
    struct Case {
        const char* pattern;
        const char* url;
        const char* found;  ///< read back from `url`
    };
    // clang-format off
    const auto row = GENERATE(values<Case>({
        {"https://a.org/ea_{%y%m%d}.csv.gz",  "https://a.org/ea_260703.csv.gz",    "2026-07-03 0 0"},
        {"x/{%Y}/{%m}/{%d}.csv",              "x/2026/07/03.csv",                  "2026-07-03 0 0"},
        {"x/{%d-%b-%Y}.csv",                  "x/03-Jul-2026.csv",                 "2026-07-03 0 0"},
        {"x/{%-d.%-m.%Y}",                    "x/3.7.2026",                        "2026-07-03 0 0"},
        {"x/{%Y%j}",                          "x/2026184",                         "2026-07-03 0 0"},
        {"x/13flist{%Yq%q}.txt",              "x/13flist2026q3.txt",               "2026-07-01 0 0"},
        {"x/{%Y-%m}.zip",                     "x/2026-07.zip",                     "2026-07-01 0 0"},
        {"x/COTAHIST_A{%Y}.ZIP",              "x/COTAHIST_A2026.ZIP",              "2026-01-01 0 0"},
        {"x/Instrument%20list_{n}.xlsx",      "x/Instrument%20list_82.xlsx",       "- 82 0"},
        {"x/list_{nnnn}",                     "x/list_0082",                       "- 82 0"},
        {"x?page={page}&from={row}",          "x?page=82&from=100",                "- 82 100"},
        {"x?q=*&n={n}",                       "x?q=*&n=82",                        "- 82 0"},
        {"plain",                             "plain",                             "- 0 0"},
    }));
    // clang-format on
    CAPTURE(row.pattern);
    const UrlPattern pattern = UrlPattern::parse(row.pattern);
    CHECK(pattern.fill({.day = kDay, .number = 82, .row = 100}) == row.url);
    CHECK(shown(pattern.match(row.url)) == row.found);
}

TEST_CASE("what is like a pattern", "[discover][pattern]") {
    struct Case {
        const char* pattern;
        const char* url;
        const char* found;  ///< empty: no match
    };
    // clang-format off
    const auto row = GENERATE(values<Case>({
        {"*/t7-xetr-all*.csv",   "https://a.org/resource/blob/1528/a31c/data/t7-xetr-allTradable.csv", "- 0 0"},
        {"*/t7-xetr-all*.csv",   "https://a.org/resource/blob/1528/a31c/data/t7-xfra-BF-all.csv",      ""},
        {"*/t7-xetr-all*.csv",   "https://a.org/t7-xetr-all.csv?x=1",  ""},
        {"*.csv*",               "https://a.org/x.csv?x=1",            "- 0 0"},
        {"*",                    "",                                   "- 0 0"},
        {"*_{n}.xlsx",           "a_1_22.xlsx",                        "- 22 0"},
        {"*{n}.xlsx",            "a22.xlsx",                           "- 22 0"},
        {"*{n}.xlsx",            "a.xlsx",                             ""},
        {"x{n}",                 "x1234567890123456789012",            ""},
        {"x{nnn}",               "x12",                                ""},
        {"x{nnn}",               "x1234",                              "- 1234 0"},
        {"x{%Y%m%d}",            "x20260230",                          ""},
        {"x{%Y%m%d}",            "x20260001",                          ""},
        {"x{%Y%m%d}",            "x20260100",                          ""},
        {"x{%Y%m%d}",            "x2026070",                           ""},
        {"x{%y%m%d}",            "x690101",                            "2069-01-01 0 0"},
        {"x{%y%m%d}",            "x700101",                            "1970-01-01 0 0"},
        {"x{%Y%j}",              "x2026365",                           "2026-12-31 0 0"},
        {"x{%Y%j}",              "x2026366",                           ""},
        {"x{%Y%j}",              "x2026000",                           ""},
        {"x{%Yq%q}",             "x2026q4",                            "2026-10-01 0 0"},
        {"x{%Yq%q}",             "x2026q5",                            ""},
        {"x{%Yq%q}",             "x2026q0",                            ""},
        {"x{%b%Y}",              "xJUL2026",                           "2026-07-01 0 0"},
        {"x{%b%Y}",              "xJuly2026",                          ""},
        {"x{%-d.%-m.%Y}",        "x13.12.2026",                        "2026-12-13 0 0"},
        {"x{%m}",                "x07",                                "- 0 0"},
        {"X",                    "x",                                  ""},
        {"*a*a*a*a*a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", ""},
    }));
    // clang-format on
    CAPTURE(row.pattern, row.url);
    CHECK(shown(UrlPattern::parse(row.pattern, UrlPattern::Star::is_any).match(row.url)) ==
          row.found);
}

TEST_CASE("what a pattern has places for", "[discover][pattern]") {
    struct Case {
        const char* pattern;
        const char* places;
    };
    const auto row = GENERATE(values<Case>({
        {"x{%Y%m%d}", "year day"},
        {"x{%y}/{%-d-%b}", "year day"},
        {"x{%Y%j}", "year day"},
        {"x{%Yq%q}", "year"},
        {"x{%Y%d}", "year"},
        {"x{%m%d}", ""},
        {"x{n}", "number"},
        {"x{page}", "page"},
        {"x{row}", "page"},
        {"x", ""},
    }));
    CAPTURE(row.pattern);
    const UrlPattern pattern = UrlPattern::parse(row.pattern);
    std::string places;
    const auto add = [&](bool there, const char* name) {
        places += there ? (places.empty() ? "" : " ") + std::string(name) : "";
    };
    add(pattern.has_year(), "year");
    add(pattern.has_day(), "day");
    add(pattern.has_number(), "number");
    add(pattern.has_page(), "page");
    CHECK(places == row.places);
}

TEST_CASE("a pattern that is none says where", "[discover][pattern]") {
    struct Case {
        const char* pattern;
        const char* message;
    };
    const auto row = GENERATE(values<Case>({
        {"x{%Y", "'x{%Y': a brace that is not closed"},
        {"x{%H}", "'{%H}': '%H' is none of %Y"},
        {"x{%Y%}", "'{%Y%}': '%' is none of %Y"},
        {"x{date}", "'{date}' is none of {%Y%m%d}"},
        {"x{}", "'{}' is none of {%Y%m%d}"},
        {"x%{n}", "'x%{n}': '%' before a brace"},
        {"x%2{%d}", "'x%2{%d}': '%' before a brace"},
        {"x{n}{row}", "'x{n}{row}': two numbers without a character between them"},
        {"x{%-m%-d}{%Y}", "'x{%-m%-d}{%Y}': two numbers without"},
    }));
    CAPTURE(row.pattern);
    try {
        UrlPattern::parse(row.pattern);
        FAIL("succeeded");
    } catch (const Error& error) {
        CHECK(error.kind() == ErrorKind::config);
        CHECK_THAT(error.what(), StartsWith(row.message));
    }
}
