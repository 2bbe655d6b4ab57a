#include "job/schedule.hpp"

#include "support/catch.hpp"

using namespace isinfetch;
using namespace std::chrono_literals;

namespace {

const Timestamp kNow = *parse_time("2026-11-23T12:00:00Z");

Cadence cadence(const char* every, const char* not_before = "", const char* zone = "UTC") {
    return {.every = *parse_duration(every),
            .not_before = parse_time_of_day(not_before),
            .zone = Zone::parse(zone)};
}

SourceState succeeded(Timestamp time) {
    SourceState state;
    state.last_success = time;
    return state;
}

}  // namespace

TEST_CASE("a source is due when its time has passed since the last success", "[schedule]") {
    CHECK(is_due({}, cadence("20h"), kNow));
    CHECK(is_due(succeeded(kNow - 20h), cadence("20h"), kNow));
    CHECK_FALSE(is_due(succeeded(kNow - 20h + 1s), cadence("20h"), kNow));
    CHECK(is_due(succeeded(kNow), cadence("0"), kNow));
}

TEST_CASE("a last success in the future means that the clock was wrong", "[schedule]") {
    CHECK(is_due(succeeded(kNow + 1h), cadence("20h"), kNow));
    CHECK(is_due(succeeded(kNow + 1h), cadence("20h", "18:30"), kNow));
}

TEST_CASE("a day's list is there when the clocks of its zone strike", "[schedule]") {
    struct Case {
        const char* not_before;
        const char* zone;
        const char* time;
        const char* strike;
        const char* why;
    };
    // clang-format off
    const auto row = GENERATE(values<Case>({
        {"18:30", "UTC", "2026-11-23T18:30:00Z", "2026-11-23T18:30:00Z", "at this moment"},
        {"18:30", "UTC", "2026-11-23T18:29:59Z", "2026-11-22T18:30:00Z", "a second earlier it was yesterday's"},
        {"00:00", "UTC", "2026-11-23T00:00:00Z", "2026-11-23T00:00:00Z", "midnight"},
        {"23:59", "UTC", "2026-11-23T23:58:59Z", "2026-11-22T23:59:00Z", "the end of the day"},
        {"02:30", "Europe/Berlin", "2026-03-28T12:00:00Z", "2026-03-28T01:30:00Z", "the day before the gap"},
        {"02:30", "Europe/Berlin", "2026-03-29T00:59:59Z", "2026-03-28T01:30:00Z", "before the gap"},
        {"02:30", "Europe/Berlin", "2026-03-29T01:00:00Z", "2026-03-29T01:00:00Z", "02:30 is skipped: the end of the gap"},
        {"02:30", "Europe/Berlin", "2026-03-30T00:30:00Z", "2026-03-30T00:30:00Z", "in summer an hour earlier"},
        {"02:30", "Europe/Berlin", "2026-10-25T00:29:59Z", "2026-10-24T00:30:00Z", "before 02:30 comes twice"},
        {"02:30", "Europe/Berlin", "2026-10-25T00:30:00Z", "2026-10-25T00:30:00Z", "the first 02:30"},
        {"02:30", "Europe/Berlin", "2026-10-25T01:30:00Z", "2026-10-25T00:30:00Z", "the second strikes no more"},
        {"02:30", "Europe/Berlin", "2026-10-26T01:30:00Z", "2026-10-26T01:30:00Z", "winter"},
        {"18:30", "Asia/Kolkata", "2026-11-23T12:59:59Z", "2026-11-22T13:00:00Z", "half an hour"},
        {"18:30", "Asia/Kolkata", "2026-11-23T13:00:00Z", "2026-11-23T13:00:00Z", "half an hour"},
        {"02:00", "Asia/Kolkata", "2026-11-23T21:00:00Z", "2026-11-23T20:30:00Z", "there it is tomorrow already"},
        {"02:00", "Asia/Kathmandu", "2026-11-23T20:15:00Z", "2026-11-23T20:15:00Z", "three quarters of an hour"},
        {"20:00", "America/New_York", "2026-11-01T00:30:00Z", "2026-11-01T00:00:00Z", "there it is yesterday still"},
        {"20:00", "America/New_York", "2026-11-02T00:30:00Z", "2026-11-01T00:00:00Z", "an hour later in winter"},
        {"20:00", "America/New_York", "2026-11-02T01:00:00Z", "2026-11-02T01:00:00Z", "an hour later in winter"},
        {"12:00", "Pacific/Apia", "2011-12-30T10:00:00Z", "2011-12-30T10:00:00Z", "a whole day is skipped"},
        {"12:00", "Pacific/Apia", "2011-12-30T09:59:59Z", "2011-12-29T22:00:00Z", "a whole day is skipped"},
        {"00:00", "America/St_Johns", "2010-11-07T03:00:00Z", "2010-11-07T02:30:00Z", "a minute after midnight it is yesterday again"},
        {"00:30", "Asia/Beirut", "2026-03-28T22:00:00Z", "2026-03-28T22:00:00Z", "the gap begins at midnight"},
    }));
    // clang-format on
    CAPTURE(row.not_before, row.zone, row.time, row.why);
    CHECK(format_time(last_strike(cadence("20h", row.not_before, row.zone),
                                  *parse_time(row.time))) == row.strike);
}

TEST_CASE("with a time of publication a source is due once the list is there", "[schedule]") {
    struct Case {
        const char* every;
        const char* not_before;
        const char* zone;
        const char* success;
        const char* now;
        bool due;
        const char* why;
    };
    // clang-format off
    const auto row = GENERATE(values<Case>({
        {"20h", "18:30", "UTC", "2026-11-22T18:31:00Z", "2026-11-23T18:29:59Z", false, "20 hours have passed, but the list is not there"},
        {"20h", "18:30", "UTC", "2026-11-22T18:31:00Z", "2026-11-23T18:30:00Z", true, "now it is"},
        {"24h", "18:30", "UTC", "2026-11-22T20:31:00Z", "2026-11-23T18:30:00Z", true, "each day, however late it was yesterday"},
        {"20h", "18:30", "UTC", "2026-11-23T18:30:00Z", "2026-11-23T20:30:00Z", false, "once a day"},
        {"20h", "18:30", "UTC", "2026-11-23T18:30:00Z", "2026-11-24T17:00:00Z", false, "not before the next list"},
        {"20h", "18:30", "UTC", "2026-11-22T18:31:00Z", "2026-11-24T03:00:00Z", true, "missed in the evening, made up for at night"},
        {"20h", "18:30", "UTC", "2026-11-24T03:00:00Z", "2026-11-24T18:30:00Z", true, "and on time in the evening"},
        {"20h", "18:30", "UTC", "2026-11-18T18:31:00Z", "2026-11-23T07:00:00Z", true, "the machine was down for five days"},
        {"20h", "18:30", "UTC", "2026-11-23T07:00:00Z", "2026-11-23T08:00:00Z", false, "five days are made up for once"},
        {"20h", "18:30", "UTC", "2026-11-25T00:00:00Z", "2026-11-23T07:00:00Z", true, "the clock was set back"},
        {"36h", "18:30", "UTC", "2026-11-22T18:30:10Z", "2026-11-23T18:30:00Z", true, "counted in whole days: one"},
        {"7d", "18:30", "UTC", "2026-11-16T18:31:00Z", "2026-11-22T23:59:59Z", false, "six days"},
        {"7d", "18:30", "UTC", "2026-11-16T18:31:00Z", "2026-11-23T18:29:59Z", false, "nearly seven"},
        {"7d", "18:30", "UTC", "2026-11-16T18:31:00Z", "2026-11-23T18:30:00Z", true, "the seventh strike, though a minute less than 7d"},
        {"7d", "18:30", "UTC", "2026-11-17T03:00:00Z", "2026-11-23T18:30:00Z", true, "made up for at night belongs to the day before"},
        {"7d", "18:30", "Europe/Berlin", "2026-03-23T17:30:10Z", "2026-03-30T16:30:00Z", true, "a week with summer time in it is an hour shorter"},
        {"7d", "18:30", "Europe/Berlin", "2026-10-19T16:30:10Z", "2026-10-26T16:30:00Z", false, "and one an hour longer"},
        {"7d", "18:30", "Europe/Berlin", "2026-10-19T16:30:10Z", "2026-10-26T17:30:00Z", true, "and one an hour longer"},
        {"6h", "08:00", "UTC", "2026-11-23T08:00:00Z", "2026-11-23T13:59:59Z", false, "several times a day"},
        {"6h", "08:00", "UTC", "2026-11-23T08:00:00Z", "2026-11-23T14:00:00Z", true, "several times a day"},
        {"6h", "08:00", "UTC", "2026-11-23T20:00:00Z", "2026-11-24T02:00:00Z", false, "but not at night"},
        {"6h", "08:00", "UTC", "2026-11-23T20:00:00Z", "2026-11-24T08:00:00Z", true, "until the morning"},
        {"12h", "08:00", "UTC", "2026-11-23T08:00:00Z", "2026-11-23T20:00:00Z", true, "twice a day"},
        {"13h", "08:00", "UTC", "2026-11-23T08:00:00Z", "2026-11-23T21:00:00Z", false, "too seldom for twice a day"},
        {"2d", "18:30", "UTC", "2026-11-16T18:31:00Z", "2026-11-18T18:29:59Z", false, "every other day"},
        {"2d", "18:30", "UTC", "2026-11-16T18:31:00Z", "2026-11-18T18:30:00Z", true, "every other day"},
        {"20h", "00:30", "UTC", "2026-11-23T00:30:00Z", "2026-11-23T23:00:00Z", false, "20 hours have passed, but the next list is tomorrow's"},
        {"20h", "00:00", "Europe/Berlin", "2026-10-24T22:00:00Z", "2026-10-25T22:59:59Z", false, "a day of 25 hours has one list"},
        {"20h", "02:30", "Europe/Berlin", "2026-03-28T01:30:00Z", "2026-03-29T00:59:59Z", false, "02:30 does not happen that day"},
        {"20h", "02:30", "Europe/Berlin", "2026-03-28T01:30:00Z", "2026-03-29T01:00:00Z", true, "but the day has its list"},
        {"20h", "02:30", "Europe/Berlin", "2026-03-29T01:00:00Z", "2026-03-29T23:00:00Z", false, "one only"},
        {"20h", "02:30", "Europe/Berlin", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", false, "02:30 happens twice, the list once"},
        {"20h", "02:30", "Europe/Berlin", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z", true, "the next day"},
        {"20h", "18:30", "Asia/Kolkata", "2026-11-22T13:00:10Z", "2026-11-23T12:59:59Z", false, "half an hour"},
        {"20h", "18:30", "Asia/Kolkata", "2026-11-22T13:00:10Z", "2026-11-23T13:00:00Z", true, "half an hour"},
        {"20h", "20:00", "America/New_York", "2026-11-01T00:00:10Z", "2026-11-02T00:59:59Z", false, "the night after the clocks went back"},
        {"20h", "20:00", "America/New_York", "2026-11-01T00:00:10Z", "2026-11-02T01:00:00Z", true, "the night after the clocks went back"},
        {"20h", "06:00", "Asia/Kathmandu", "2026-11-23T00:15:10Z", "2026-11-24T00:14:59Z", false, "three quarters of an hour"},
        {"20h", "06:00", "Asia/Kathmandu", "2026-11-23T00:15:10Z", "2026-11-24T00:15:00Z", true, "three quarters of an hour"},
    }));
    // clang-format on
    CAPTURE(row.every, row.not_before, row.zone, row.success, row.now, row.why);
    CHECK(is_due(succeeded(*parse_time(row.success)),
                 cadence(row.every, row.not_before, row.zone),
                 *parse_time(row.now)) == row.due);
}

TEST_CASE("a source is due from next_due() on, and not a second earlier", "[schedule]") {
    const char* const every = GENERATE("0", "1h", "6h", "12h", "20h", "36h", "7d", "30d");
    const char* const not_before = GENERATE("", "00:30", "02:30", "18:30");
    const char* const zone = GENERATE("UTC", "Europe/Berlin", "Asia/Kathmandu");
    const Cadence asked = cadence(every, not_before, zone);
    for (Timestamp success = *parse_time("2026-10-22T00:00:00Z");
         success < *parse_time("2026-10-28T00:00:00Z");
         success += 3h + 1s) {
        const SourceState state = succeeded(success);
        const auto due = next_due(state, asked, success);
        CAPTURE(every, not_before, zone, format_time(success), format_time(due.value()));
        CHECK(*due >= success);
        CHECK(is_due(state, asked, *due));
        CHECK_FALSE((*due > success && is_due(state, asked, *due - 1s)));
        // Once a day, whatever happens: no strike of the zone's clock is passed over.
        if (*not_before != '\0' && asked.every < 48h) {
            CHECK(*due - success <= 25h);
        }
    }
}

TEST_CASE("without a success a source is due at once", "[schedule]") {
    CHECK_FALSE(next_due({}, cadence("20h"), kNow));
    CHECK_FALSE(next_due(succeeded(kNow + 1h), cadence("20h", "18:30"), kNow));
    CHECK(next_attempt({}, cadence("20h"), kNow) == kNow);
}

TEST_CASE("a run asks again when it is due, and the publisher lets it", "[schedule]") {
    SourceState state = succeeded(kNow - 1h);
    CHECK(next_attempt(state, cadence("20h"), kNow) == kNow + 19h);
    CHECK(next_attempt(state, cadence("30m"), kNow) == kNow);
    state.cooldown_until = kNow + 4h;
    CHECK(next_attempt(state, cadence("20h"), kNow) == kNow + 19h);
    CHECK(next_attempt(state, cadence("30m"), kNow) == kNow + 4h);
    state.cooldown_until = kNow + 24h;
    CHECK(next_attempt(state, cadence("20h"), kNow) == kNow + 24h);
}

TEST_CASE("while a part is waited for a source is due at every run", "[schedule]") {
    SourceState state = succeeded(kNow - 1h);
    state.waiting.publication = "delta of 2026-11-20";
    CHECK(is_due(state, cadence("20h"), kNow));
    CHECK(next_attempt(state, cadence("20h"), kNow) == kNow);
    CHECK(next_due(state, cadence("20h"), kNow) == kNow + 19h);
}
