#include "util/time.hpp"

#include "support/catch.hpp"

using namespace isinfetch;
using namespace std::chrono_literals;
using std::chrono::seconds;

TEST_CASE("durations are read in units and their sums", "[time]") {
    struct Case {
        const char* text;
        std::int64_t expected;  // -1: none
    };
    const auto row = GENERATE(values<Case>({
        {"30s", 30},
        {"5m", 300},
        {"20h", 72000},
        {"7d", 604800},
        {"1h30m", 5400},
        {"0", 0},
        {" 5m ", 300},
        {"", -1},
        {"5", -1},
        {"5 m", -1},
        {"m", -1},
        {"-5m", -1},
        {"5w", -1},
        {"1.5h", -1},
        {"99999999999999999999s", -1},
        {"9999999999999d", -1},
    }));
    CAPTURE(row.text);
    const auto duration = parse_duration(row.text);
    CHECK(duration.value_or(seconds{-1}).count() == row.expected);
    if (duration) {
        CHECK(parse_duration(format_duration(*duration)) == duration);
    }
}

TEST_CASE("durations are written in the units that people use", "[time]") {
    CHECK(format_duration(seconds{0}) == "0s");
    CHECK(format_duration(seconds{20 * 3600}) == "20h");
    CHECK(format_duration(seconds{7 * 86400}) == "7d");
    CHECK(format_duration(seconds{36 * 3600}) == "36h");
    CHECK(format_duration(seconds{5400}) == "1h30m");
    CHECK(rough_duration(seconds{0}) == "0s");
    CHECK(rough_duration(seconds{3 * 86400 + 4 * 3600 + 59}) == "3d 4h");
    CHECK(rough_duration(seconds{-90}) == "1m 30s");
    CHECK(rough_duration(seconds{86400 + 5}) == "1d");
}

TEST_CASE("sizes are read in binary and decimal units", "[time]") {
    CHECK(parse_size("512") == 512U);
    CHECK(parse_size("64KiB") == 65536U);
    CHECK(parse_size("64 MiB") == 67108864U);
    CHECK(parse_size("2GiB") == 2147483648U);
    CHECK(parse_size("5MB") == 5000000U);
    CHECK_FALSE(parse_size("64mib"));
    CHECK_FALSE(parse_size("-1"));
    CHECK_FALSE(parse_size("99999999999TiB"));
    CHECK(format_size(65536) == "64KiB");
    CHECK(format_size(1536) == "1.5KiB");
    CHECK(format_size(12) == "12B");
}

TEST_CASE("percentages are shares from 0 to 1", "[time]") {
    CHECK(parse_percentage("5%") == Approx(0.05));
    CHECK(parse_percentage(" 2.5 % ") == Approx(0.025));
    CHECK(parse_percentage("100%") == Approx(1));
    CHECK_FALSE(parse_percentage("0.05"));
    CHECK_FALSE(parse_percentage("101%"));
    CHECK_FALSE(parse_percentage("nan%"));
    CHECK_FALSE(parse_percentage("%"));
}

TEST_CASE("a time of day has two digits for hours and for minutes", "[time]") {
    CHECK(parse_time_of_day("00:00") == 0min);
    CHECK(parse_time_of_day("07:15") == 7h + 15min);
    CHECK(parse_time_of_day("23:59") == 23h + 59min);
    CHECK(format_time_of_day(7h + 5min) == "07:05");
    for (const char* text : {"",
                             "7:15",
                             "24:00",
                             "12:60",
                             "12:5",
                             "1215",
                             "12:15:00",
                             "-1:15",
                             "12:1x",
                             " 7:15",
                             "12-15",
                             "::::2",
                             "0x:10",
                             "18:30 "}) {
        CAPTURE(text);
        CHECK_FALSE(parse_time_of_day(text));
    }
}

TEST_CASE("times are RFC 3339 in UTC and survive a round trip", "[time]") {
    const auto time = parse_time("2026-11-23T05:17:02Z");
    REQUIRE(time);
    CHECK(format_time(*time) == "2026-11-23T05:17:02Z");
    CHECK(format_time(*parse_time("2026-02-28")) == "2026-02-28T00:00:00Z");
    CHECK_FALSE(parse_time("2026-02-30"));
    CHECK_FALSE(parse_time("2026-11-23T05:17:02+01:00"));
    CHECK_FALSE(parse_time("23.11.2026"));
    CHECK_FALSE(parse_time(""));
}

TEST_CASE("HTTP dates are understood in their three forms", "[time]") {
    const auto expected = parse_time("1994-11-06T08:49:37Z");
    CHECK(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT") == expected);
    CHECK(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT") == expected);
    CHECK(parse_http_date("Sun Nov  6 08:49:37 1994") == expected);
    CHECK_FALSE(parse_http_date("yesterday"));
    CHECK(format_http_date(*expected) == "Sun, 06 Nov 1994 08:49:37 GMT");
}
