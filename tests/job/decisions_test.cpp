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
    state.cooldown_until = kNow + 7 * 24h;
    CHECK(is_cooling_down(state, kNow));
    state.cooldown_until = kNow + 7 * 24h + 1s;
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

TEST_CASE("an old address that answers for a new one is no success", "[outcome]") {
    SourceReport fallback = outcome(SourceStatus::updated);
    fallback.error = Error(ErrorKind::gone, "page gone");
    SourceState state{.last_success = kNow - 1h, .failures = 1};
    apply_outcome(state, fallback, kNow);
    CHECK(state.last_success == kNow - 1h);
    CHECK(state.last_change == kNow);
    CHECK(state.failures == 2);
    CHECK(state.last_error == "page gone");
    CHECK(state.failing_since == kNow);
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

TEST_CASE("the first of several failures is remembered until a success", "[outcome]") {
    SourceState state;
    apply_outcome(state, outcome(SourceStatus::failed), kNow);
    apply_outcome(state, outcome(SourceStatus::refused), kNow + 1h);
    CHECK(state.failing_since == kNow);
    CHECK(state.last_status == "refused");
    apply_outcome(state, outcome(SourceStatus::unchanged), kNow + 2h);
    CHECK_FALSE(state.failing_since);
    CHECK(state.last_error.empty());
    CHECK(state.last_status == "unchanged");
}

TEST_CASE("what is in vain is so without a reason, too", "[outcome]") {
    for (const SourceStatus status : {SourceStatus::refused, SourceStatus::failed}) {
        SourceState state;
        SourceReport report;
        report.status = status;
        apply_outcome(state, report, kNow);
        CHECK(state.failures == 1);
        CHECK_FALSE(state.last_success);
    }
}

TEST_CASE("who ends a run says nothing of the list", "[outcome]") {
    SourceReport ended = outcome(SourceStatus::failed);
    ended.error = Error(ErrorKind::interrupted, "interrupted");
    const auto cooldown = kNow + 3h;
    SourceState state{.last_success = kNow - 1h,
                      .cooldown_until = cooldown,
                      .failures = 2,
                      .last_error = "HTTP status 503",
                      .last_status = "failed"};
    apply_outcome(state, ended, kNow);
    CHECK(state.last_attempt == kNow);
    CHECK(state.last_success == kNow - 1h);
    CHECK(state.failures == 2);
    CHECK(state.last_error == "HTTP status 503");
    CHECK(state.last_status == "failed");
    CHECK(state.cooldown_until == cooldown);
    CHECK_FALSE(state.failing_since);
}
