#include "job/outcome.hpp"
#include "job/schedule.hpp"
#include "support/catch.hpp"

using namespace isinfetch;
using namespace std::chrono_literals;

namespace {

const Timestamp kNow = *parse_time("2026-11-23T12:00:00Z");

SourceReport outcome(SourceStatus status) {
    SourceReport report;
    report.status = status;
    if (status == SourceStatus::failed || status == SourceStatus::refused) {
        report.error = Error(ErrorKind::temporary, "why");
    }
    return report;
}

}  // namespace

TEST_CASE("a cool-down lasts until its time, and never longer than a week", "[schedule]") {
    SourceState state;
    CHECK_FALSE(is_cooling_down(state, kNow));
    state.cooldown_until = kNow + 1s;
    CHECK(is_cooling_down(state, kNow));
    state.cooldown_until = kNow;
    CHECK_FALSE(is_cooling_down(state, kNow));
    state.cooldown_until = kNow + 8 * 24h;
    CHECK_FALSE(is_cooling_down(state, kNow));
}

TEST_CASE("an outcome brings the state of its source up to date", "[outcome]") {
    struct Case {
        SourceStatus status;
        bool attempted;
        bool succeeded;
        bool changed;
        std::int64_t failures;
    };
    const auto row = GENERATE(values<Case>({
        {SourceStatus::updated, true, true, true, 0},
        {SourceStatus::unchanged, true, true, false, 0},
        {SourceStatus::failed, true, false, false, 4},
        {SourceStatus::refused, true, false, false, 4},
        {SourceStatus::current, false, false, false, 3},
        {SourceStatus::cooldown, false, false, false, 3},
    }));
    SourceState state;
    state.failures = 3;
    apply_outcome(state, outcome(row.status), kNow);
    CAPTURE(name(row.status));
    CHECK(state.last_attempt.has_value() == row.attempted);
    CHECK(state.last_success.has_value() == row.succeeded);
    CHECK(state.last_change.has_value() == row.changed);
    CHECK(state.failures == row.failures);
}

TEST_CASE("a cool-down is kept by those who were not asked and ended by an answer", "[outcome]") {
    SourceState state;
    state.cooldown_until = kNow + 1h;
    apply_outcome(state, outcome(SourceStatus::cooldown), kNow);
    CHECK(state.cooldown_until);
    apply_outcome(state, outcome(SourceStatus::unchanged), kNow);
    CHECK_FALSE(state.cooldown_until);
    SourceReport limited = outcome(SourceStatus::failed);
    limited.cooldown_until = kNow + 2h;
    apply_outcome(state, limited, kNow);
    CHECK(state.cooldown_until == kNow + 2h);
    CHECK(state.last_error == "why");
}
