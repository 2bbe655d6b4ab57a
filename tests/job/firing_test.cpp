#include "job/firing.hpp"

#include "job/schedule.hpp"
#include "support/catch.hpp"
#include "util/host.hpp"
#include "util/text.hpp"

#include <array>
#include <set>

using namespace isinfetch;
using namespace std::chrono_literals;

namespace {

const Timestamp kNow = *parse_time("2026-01-01");

std::string text(const Slots& slots) {
    std::vector<std::string> times;
    for (const auto slot : slots) {
        times.push_back(format_time_of_day(slot));
    }
    return join(times, " ");
}

Cadence cadence(const char* every, const char* not_before = "", const char* zone = "UTC") {
    return {.every = *parse_duration(every),
            .not_before = parse_time_of_day(not_before),
            .zone = Zone::parse(zone)};
}

}  // namespace

TEST_CASE("the step divides a day and is about half of 'every'", "[firing]") {
    struct Case {
        std::chrono::seconds every;
        std::chrono::minutes step;
    };
    const auto row = GENERATE(values<Case>({{0s, 5min},
                                            {1s, 5min},
                                            {10min, 5min},
                                            {59min, 20min},
                                            {1h, 30min},
                                            {6h, 3h},
                                            {11h, 4h},
                                            {12h, 6h},
                                            {20h, 6h},
                                            {7 * 24h, 6h}}));
    CAPTURE(row.every.count());
    CHECK(firing_step(row.every) == row.step);
    CHECK(24h % firing_step(row.every) == 0min);
}

TEST_CASE("a source fires at moments of the day in UTC", "[firing]") {
    struct Case {
        Cadence cadence;
        std::chrono::minutes shift;
        const char* slots;
        const char* why;
    };
    // clang-format off
    const auto row = GENERATE(values<Case>({
        {cadence("20h"), 17min, "00:17 06:17 12:17 18:17", "four a day"},
        {cadence("7d"), 0min, "00:00 06:00 12:00 18:00", "a failed run is repeated the same day"},
        {cadence("20h"), 400min, "00:40 06:40 12:40 18:40", "shifted within the step"},
        {cadence("8h"), 0min, "00:00 04:00 08:00 12:00 16:00 20:00", "more often"},
        {cadence("20h", "18:30"), 0min, "00:30 18:30 20:30", "UTC has one offset; the last try is past midnight"},
        {cadence("20h", "18:30", "Europe/Berlin"), 0min, "16:30 17:30 18:30 19:30 22:30 23:30", "summer and winter"},
        {cadence("20h", "18:30", "Europe/Berlin"), 17min, "16:32 17:32 18:32 19:32 22:32 23:32", "later, by less than a quarter of an hour"},
        {cadence("20h", "18:30", "Asia/Kolkata"), 0min, "13:00 15:00 19:00", "half an hour, one offset"},
        {cadence("20h", "06:00", "Asia/Kathmandu"), 0min, "00:15 02:15 06:15", "three quarters"},
        {cadence("20h", "20:00", "America/New_York"), 0min, "00:00 01:00 02:00 03:00 06:00 07:00", "the next day in UTC"},
        {cadence("20h", "08:00", "Australia/Lord_Howe"), 0min, "03:00 03:30 21:00 21:30 23:00 23:30", "clocks change by half an hour"},
        {cadence("6h", "18:30"), 0min, "00:00 00:30 03:00 06:00 09:00 12:00 15:00 18:00 18:30 20:30 21:00", "several a day: also regularly"},
    }));
    // clang-format on
    CAPTURE(row.why);
    CHECK(text(firing_slots(row.cadence, kNow, row.shift)) == row.slots);
}

TEST_CASE("slots in UTC bring each local day its list once, whatever the clocks do", "[firing]") {
    const auto* zone = GENERATE("UTC",
                                "Europe/Berlin",
                                "Asia/Kolkata",
                                "Asia/Kathmandu",
                                "America/New_York",
                                "America/St_Johns",
                                "Pacific/Apia",
                                "Africa/Casablanca",
                                "Australia/Lord_Howe",
                                "Asia/Beirut");
    const auto* not_before = GENERATE("00:00", "00:30", "02:30", "12:00", "18:30", "23:59");
    CAPTURE(zone, not_before);
    const Cadence daily = cadence("20h", not_before, zone);
    const Slots slots = firing_slots(daily, kNow, 14min);
    SourceState state;
    state.last_success = kNow;
    std::set<Timestamp> strikes;
    std::set<std::chrono::local_days> days;
    std::chrono::seconds latest{0};
    int runs = 0;
    for (Timestamp day = kNow; day < kNow + 24h * 730; day += 24h) {
        for (const auto slot : slots) {
            const Timestamp time = day + slot;
            strikes.insert(last_strike(daily, time));
            days.insert(std::chrono::floor<std::chrono::days>(
                daily.zone.to_local(last_strike(daily, time))));
            if (is_due(state, daily, time)) {
                latest = std::max(latest, time - last_strike(daily, time));
                state.last_success = time;
                ++runs;
            }
        }
    }
    // The strike before the first day had its success already.
    CHECK((runs == 729 || runs == 730));
    CHECK(static_cast<int>(days.size()) - runs <= 1);
    CHECK(strikes.size() == days.size());
    CHECK(latest <= 75min);
}

TEST_CASE("the gap between moments goes round the clock", "[firing]") {
    CHECK(smallest_gap({}) == 24h);
    CHECK(smallest_gap({30min}) == 24h);
    CHECK(smallest_gap({30min, 23h}) == 90min);
    CHECK(smallest_gap({0h, 6h, 13h}) == 6h);
    CHECK(jitter(24h) == 40min);
    CHECK(jitter(2h) == 15min);
    CHECK(jitter(5min) == 37s);
}

TEST_CASE("moments become lines of cron", "[firing]") {
    struct Case {
        Slots slots;
        std::vector<std::string> lines;
        const char* superset;
    };
    const auto row = GENERATE(values<Case>({
        {{17min, 377min}, {"17 0,6 * * *"}, "17 0,6 * * *"},
        {{30min, 6h, 6h + 30min}, {"0,30 6 * * *", "30 0 * * *"}, "0,30 0,6 * * *"},
        {regular_slots(60min, 7min), {"7 * * * *"}, "7 * * * *"},
        {regular_slots(30min, 7min), {"7,37 * * * *"}, "7,37 * * * *"},
    }));
    std::vector<std::string> lines;
    for (const CronTime& time : cron_times(row.slots)) {
        lines.push_back(time.text());
    }
    CHECK(lines == row.lines);
    CHECK(cron_superset(row.slots).text() == row.superset);
}

TEST_CASE("a splay is a host's own share, and an even one", "[firing]") {
    CHECK(splay_delay(40min, "host", {"a"}) == splay_delay(40min, "host", {"a"}));
    CHECK(splay_delay(40min, "host", {"a"}) != splay_delay(40min, "host", {"b"}));
    CHECK(splay_delay(40min, "host", {"a"}) != splay_delay(40min, "other", {"a"}));
    CHECK(splay_delay(0s, "host", {}) == 0ms);
    std::array<int, 10> tenths{};
    for (int host = 0; host < 10'000; ++host) {
        const auto delay = splay_delay(100s, std::to_string(host), {"xetra"});
        REQUIRE(delay >= 0ms);
        REQUIRE(delay < 100s);
        ++tenths.at(static_cast<std::size_t>(delay / 10s));
    }
    for (const int hosts : tenths) {
        CHECK(hosts > 850);  // 1000 expected, standard deviation 30
        CHECK(hosts < 1150);
    }
}

TEST_CASE("a host has an identity and texts have their numbers", "[firing]") {
    CHECK_FALSE(host_identity().empty());
    CHECK(stable_number("") == 0xe3b0c44298fc1c14);  // FIPS 180-4, of the empty text
    CHECK(stable_number("abc") == 0xba7816bf8f01cfea);
}
