#include "job/offer.hpp"

#include "support/catch.hpp"

using namespace isinfetch;
using namespace std::chrono_literals;

namespace {

using Time = std::optional<Timestamp>;

constexpr Timestamp kNow = std::chrono::sys_days{std::chrono::year{2026} / 11 / 23};
const Time kNone{};

}  // namespace

TEST_CASE("what the publisher says of the time", "[offer]") {
    const std::string date = "Sun, 22 Nov 2026 00:00:00 GMT";
    CHECK(offered_time("2026-11-20T07:15:13Z", date, kNow) == parse_time("2026-11-20T07:15:13Z"));
    CHECK(offered_time("", date, kNow) == kNow - 24h);
    CHECK(offered_time("", "", kNow) == kNone);
    CHECK(offered_time("", "yesterday", kNow) == kNone);
    CHECK(offered_time("2026-11-23T00:00:01Z", "", kNow) == kNone);
    CHECK(offered_time("2026-11-23T00:00:00Z", "", kNow) == kNow);
}

TEST_CASE("an older list is believed when the publisher means it", "[offer]") {
    struct Case {
        Time offered;
        Time listed;
        OlderSeen before;
        std::optional<std::chrono::seconds> patience;
        Offer offer;
    };
    const auto row = GENERATE(values<Case>({
        {kNow, kNow - 1s, {}, 24h, Offer::news},
        {kNow - 1s, kNow - 1s, {}, 24h, Offer::news},
        {kNone, kNow, {}, 24h, Offer::news},
        {kNow, kNone, {}, 24h, Offer::news},
        {kNow - 2s, kNow - 1s, {}, 24h, Offer::older},
        {kNow - 2s, kNow - 1s, {kNow - 23h, 5}, 24h, Offer::older},
        {kNow - 2s, kNow - 1s, {kNow - 24h, 1}, 24h, Offer::believed},
        {kNow - 2s, kNow - 1s, {kNow - 24h, 0}, 24h, Offer::older},
        {kNow - 2s, kNow - 1s, {kNow + 24h, 3}, 24h, Offer::older},
        {kNow - 2s, kNow - 1s, {}, 0s, Offer::believed},
        {kNow - 2s, kNow - 1s, {kNow - 24000h, 99}, std::nullopt, Offer::older},
        {kNow, kNow - 1s, {kNow - 24h, 9}, std::nullopt, Offer::news},
    }));
    CHECK(judge_offer(row.offered, row.listed, row.before, row.patience, kNow) == row.offer);
}

TEST_CASE("every list is published after the one before", "[offer]") {
    struct Case {
        Time offered;
        Time previous;
        Timestamp published;
    };
    const auto row = GENERATE(values<Case>({
        {kNow - 9h, kNone, kNow - 9h},
        {kNone, kNone, kNow},
        {kNow - 9h, kNow - 10h, kNow - 9h},
        {kNow - 9h, kNow - 9h, kNow},
        {kNow - 9h, kNow - 8h, kNow},
        {kNone, kNow - 8h, kNow},
        {kNone, kNow, kNow + 1s},
        {kNow - 9h, kNow + 24h, kNow + 24h + 1s},
    }));
    CHECK(publication_time(row.offered, row.previous, kNow) == row.published);
}
