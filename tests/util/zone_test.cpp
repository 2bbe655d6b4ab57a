#include "util/zone.hpp"

#include "support/catch.hpp"
#include "util/error.hpp"

using namespace isinfetch;
using namespace std::chrono_literals;

namespace {

std::chrono::local_seconds local(const char* text) {
    return std::chrono::local_seconds{parse_time(text)->time_since_epoch()};
}

std::string written(std::chrono::local_seconds time) {
    return format_time(Timestamp{time.time_since_epoch()});
}

}  // namespace

TEST_CASE("local time becomes one moment, also where clocks are changed", "[zone]") {
    struct Case {
        const char* zone;
        const char* local;
        const char* utc;
        const char* why;
    };
    // clang-format off
    const auto row = GENERATE(values<Case>({
        {"UTC", "2026-03-29T02:30:00Z", "2026-03-29T02:30:00Z", "nothing to do"},
        {"Etc/UTC", "2026-03-29T02:30:00Z", "2026-03-29T02:30:00Z", "the same by its long name"},
        {"Europe/Berlin", "2026-01-15T02:30:00Z", "2026-01-15T01:30:00Z", "winter"},
        {"Europe/Berlin", "2026-07-15T02:30:00Z", "2026-07-15T00:30:00Z", "summer"},
        {"Europe/Berlin", "2026-03-29T01:59:59Z", "2026-03-29T00:59:59Z", "just before the gap"},
        {"Europe/Berlin", "2026-03-29T02:30:00Z", "2026-03-29T01:00:00Z", "in the gap: its end"},
        {"Europe/Berlin", "2026-03-29T03:00:00Z", "2026-03-29T01:00:00Z", "the end of the gap"},
        {"Europe/Berlin", "2026-10-25T02:30:00Z", "2026-10-25T00:30:00Z", "twice: the first"},
        {"Europe/Berlin", "2026-10-25T03:00:00Z", "2026-10-25T02:00:00Z", "once again"},
        {"America/New_York", "2026-11-01T01:30:00Z", "2026-11-01T05:30:00Z", "twice: the first"},
        {"Asia/Kolkata", "2026-07-15T02:30:00Z", "2026-07-14T21:00:00Z", "half an hour, never changed"},
        {"Asia/Kathmandu", "2026-07-15T02:30:00Z", "2026-07-14T20:45:00Z", "three quarters"},
        {"Pacific/Apia", "2011-12-30T12:00:00Z", "2011-12-30T10:00:00Z", "a day that was left out"},
        {"Australia/Lord_Howe", "2026-10-04T02:15:00Z", "2026-10-03T15:30:00Z", "a gap of half an hour"},
    }));
    // clang-format on
    CAPTURE(row.zone, row.local, row.why);
    CHECK(format_time(Zone::parse(row.zone).to_utc(local(row.local))) == row.utc);
}

TEST_CASE("a moment has one local time", "[zone]") {
    const Timestamp summer = *parse_time("2026-07-15T22:30:00Z");
    CHECK(written(Zone().to_local(summer)) == "2026-07-15T22:30:00Z");
    CHECK(written(Zone::parse("Europe/Berlin").to_local(summer)) == "2026-07-16T00:30:00Z");
    CHECK(written(Zone::parse("America/New_York").to_local(summer)) == "2026-07-15T18:30:00Z");
}

TEST_CASE("the offsets of a span are those that occur in it", "[zone]") {
    struct Case {
        const char* zone;
        std::vector<std::chrono::seconds> offsets;
    };
    const auto row = GENERATE(values<Case>({
        {"UTC", {0s}},
        {"Asia/Kolkata", {5h + 30min}},
        {"Europe/Berlin", {1h, 2h}},
        {"America/New_York", {-5h, -4h}},
        {"Australia/Lord_Howe", {10h + 30min, 11h}},
        {"Africa/Casablanca", {0h, 1h}},
    }));
    CAPTURE(row.zone);
    const Timestamp start = *parse_time("2026-01-01");
    CHECK(Zone::parse(row.zone).offsets(start, start + 24h * 730) == row.offsets);
    const Zone berlin = Zone::parse("Europe/Berlin");
    CHECK(berlin.offsets(start, start + 24h) == std::vector<std::chrono::seconds>{1h});
}

TEST_CASE("an unknown zone is answered with the nearest one", "[zone]") {
    CHECK_THROWS_WITH(Zone::parse("Europe/Berlni"),
                      "'Europe/Berlni' is no time zone, did you mean 'Europe/Berlin'?");
    CHECK_THROWS_WITH(Zone::parse("CET time in winter only"),
                      "'CET time in winter only' is no time zone such as Europe/Berlin");
    for (const char* name :
         {"", "europe/berlin", "../../../etc/passwd", "/etc/localtime", "tzdata.zi"}) {
        CAPTURE(name);
        CHECK_THROWS_AS(Zone::parse(name), Error);
    }
}
