#include "job/freshness.hpp"

#include "support/catch.hpp"

using namespace isinfetch;
using namespace std::chrono_literals;

namespace {

const Timestamp kNow = *parse_time("2026-11-23T12:00:00Z");
const Cadence kDaily{.every = 20h, .stale_after = 5 * 24h};

/// As a run leaves it that brought a list an hour ago.
SourceState updated() {
    SourceState state{.last_attempt = kNow - 1h, .last_success = kNow - 1h};
    state.published = "2026-11-20T05:00:00Z";
    state.last_status = "updated";
    return state;
}

Freshness state_of(const SourceState& state, const Cadence& cadence = kDaily, bool wanted = true) {
    return judge(freshness_facts(state, cadence, wanted, kNow), kNow).state;
}

}  // namespace

TEST_CASE("what is stored and configured decides how fresh a list is", "[freshness]") {
    SourceState state = updated();
    CHECK(state_of(state) == Freshness::fresh);
    CHECK(state_of(state, kDaily, false) == Freshness::disabled);
    CHECK(state_of(state, {.every = 30min}) == Freshness::due);
    CHECK(state_of(state, {.every = 20min}) == Freshness::late);
    CHECK(state_of(state, {.every = 20h, .stale_after = 24h}) == Freshness::stale);
    CHECK(state_of({}) == Freshness::never);
    state.waiting = {"delta of 2026-11-20", "delta of 2026-11-20: part 2 of 2 is missing", kNow, 5};
    CHECK(state_of(state) == Freshness::held);
    state.failures = 1;
    state.last_status = "failed";
    CHECK(state_of(state) == Freshness::failing);
    state.last_status = "refused";
    CHECK(state_of(state) == Freshness::refused);
    state.cooldown_until = kNow + 1h;
    CHECK(state_of(state) == Freshness::cooling);
    state.cooldown_until = kNow + 8 * 24h;  // nobody heeds that
    CHECK(state_of(state) == Freshness::refused);
    state.last_success = kNow + 24h;
    CHECK(state_of(state) == Freshness::future);
}

TEST_CASE("the same list published anew is no stale one", "[freshness]") {
    struct Case {
        const char* what;
        const char* published;
        const char* last_modified;
        const char* newest;
    };
    const auto row = GENERATE(values<Case>({
        {"by discovery", "2026-11-22T00:00:00Z", "", "2026-11-22T00:00:00Z"},
        {"which knows better than the server",
         "2026-11-22T00:00:00Z",
         "Mon, 23 Nov 2026 06:00:00 GMT",
         "2026-11-22T00:00:00Z"},
        {"by the server", "", "Mon, 23 Nov 2026 06:00:00 GMT", "2026-11-23T06:00:00Z"},
        {"at this moment", "", "Mon, 23 Nov 2026 12:00:00 GMT", "2026-11-23T12:00:00Z"},
        {"not in the future", "", "Mon, 23 Nov 2026 12:00:01 GMT", "2026-11-20T05:00:00Z"},
        {"not earlier", "2026-11-19T00:00:00Z", "", "2026-11-20T05:00:00Z"},
        {"nobody says", "", "", "2026-11-20T05:00:00Z"},
    }));
    CAPTURE(row.what);
    SourceState state = updated();
    note_offer(state, row.published, row.last_modified, kNow);
    CHECK(format_time(newest_publication(state).value()) == row.newest);
    CHECK(freshness_facts(state, kDaily, true, kNow).published == newest_publication(state));
}

TEST_CASE("a later offer of an old copy takes nothing back", "[freshness]") {
    SourceState state = updated();
    note_offer(state, "2026-11-22T00:00:00Z", "", kNow);
    note_offer(state, "2026-11-21T00:00:00Z", "", kNow);
    CHECK(newest_publication(state) == parse_time("2026-11-22T00:00:00Z"));
    state.published = "2026-11-23T00:00:00Z";
    CHECK(newest_publication(state) == parse_time("2026-11-23T00:00:00Z"));
}
