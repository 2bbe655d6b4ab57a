#include "core/freshness.hpp"

#include "support/catch.hpp"

#include <fmt/format.h>

#include <functional>
#include <set>

using namespace isinfetch;
using namespace std::chrono_literals;

namespace {

constexpr auto kDay = 24h;
const Timestamp kNow = *parse_time("2026-11-23T12:00:00Z");

/// Asked an hour ago, published this morning, every 20 h, stale after five days: fresh.
FreshnessFacts good() {
    return {.last_attempt = kNow - 1h,
            .last_success = kNow - 1h,
            .published = kNow - 5h,
            .next_due = kNow + 19h,
            .every = 20h,
            .stale_after = 5 * kDay};
}

/// The last success was so long ago; a list without `not_before`.
void ask(FreshnessFacts& facts, std::chrono::seconds ago) {
    facts.last_success = kNow - ago;
    facts.last_attempt = kNow - ago;
    facts.next_due = kNow - ago + facts.every;
}

void fail_for(FreshnessFacts& facts, std::chrono::seconds time, std::int64_t failures = 2) {
    facts.last_attempt = kNow - 1h;
    facts.failing_since = kNow - time;
    facts.failures = failures;
    facts.last_error = "HTTP status 503";
}

void wait_for(FreshnessFacts& facts, std::chrono::seconds time, std::int64_t behind) {
    facts.waiting = {
        "delta of 2026-11-20", "delta of 2026-11-20: part 2 of 3 is missing", kNow - time, behind};
}

void forget(FreshnessFacts& facts) {
    facts.last_attempt.reset();
    facts.last_success.reset();
    facts.published.reset();
    facts.next_due.reset();
}

struct Case {
    const char* what;
    std::function<void(FreshnessFacts&)> change;
    Freshness state;
    bool is_broken;
};

}  // namespace

TEST_CASE("how fresh a list is", "[freshness]") {
    using F = FreshnessFacts;
    using enum Freshness;
    const std::vector<Case> cases{
        {"asked in time, new", [](F&) {}, fresh, false},
        {"in the very second in which it is due", [](F& f) { ask(f, 20h); }, due, false},
        {"one second before", [](F& f) { ask(f, 20h - 1s); }, fresh, false},
        {"a success twice `every` ago", [](F& f) { ask(f, 40h); }, due, false},
        {"and a second more", [](F& f) { ask(f, 40h + 1s); }, late, true},
        {"a day's hour counts, not the time since",
         [](F& f) {
             ask(f, 44h);
             f.next_due = kNow - 20h;
         },
         due,
         false},
        {"no `every`: no promise",
         [](F& f) {
             f.every = 0s;
             ask(f, 9 * kDay);
         },
         due,
         false},
        {"published `stale_after` ago", [](F& f) { f.published = kNow - 5 * kDay; }, fresh, false},
        {"and a second more", [](F& f) { f.published = kNow - 5 * kDay - 1s; }, stale, true},
        {"never stale",
         [](F& f) {
             f.published = kNow - 3319 * kDay;
             f.stale_after.reset();
         },
         fresh,
         false},
        {"nobody asked for ten years",
         [](F& f) {
             ask(f, 3319 * kDay);
             f.published = f.last_success;
         },
         late,
         true},
        {"--max-age: asked", [](F& f) { f.max_age = 1h; }, stale, true},
        {"--max-age: published", [](F& f) { f.max_age = 5h; }, fresh, false},
        {"--max-age: published too early", [](F& f) { f.max_age = 5h - 1s; }, stale, true},
        {"--max-age: asked too early",
         [](F& f) {
             f.max_age = 5h;
             ask(f, 5h + 1s);
         },
         late,
         true},
        {"--max-age makes nothing younger",
         [](F& f) {
             f.max_age = 99 * kDay;
             ask(f, 41h);
         },
         late,
         true},
        {"every second, and three later",
         [](F& f) {
             f.every = 1s;
             ask(f, 3s);
         },
         late,
         true},
        {"nobody knows when it is due", [](F& f) { f.next_due.reset(); }, due, false},
        {"a long --max-age and stale",
         [](F& f) {
             f.max_age = 99 * kDay;
             f.published = kNow - 6 * kDay;
         },
         stale,
         true},
        {"one part late, one day behind it", [](F& f) { wait_for(f, 3h, 1); }, due, false},
        {"two days behind it", [](F& f) { wait_for(f, 0h, 2); }, held, true},
        {"five days behind it", [](F& f) { wait_for(f, 5 * kDay, 5); }, held, true},
        {"nothing behind it, for twice `every`", [](F& f) { wait_for(f, 40h, 0); }, due, false},
        {"and a second more", [](F& f) { wait_for(f, 40h + 1s, 0); }, held, true},
        {"held, and nothing new was applied",
         [](F& f) {
             wait_for(f, 9 * kDay, 9);
             f.published = kNow - 10 * kDay;
         },
         held,
         true},
        {"a run failed", [](F& f) { fail_for(f, 1h); }, failing, false},
        {"35 runs failed, for 3,319 days",
         [](F& f) {
             ask(f, 3319 * kDay);
             f.published = f.last_success;
             fail_for(f, 3300 * kDay, 35);
         },
         failing,
         true},
        {"failing beyond twice `every`",
         [](F& f) {
             ask(f, 41h);
             fail_for(f, 41h);
         },
         failing,
         true},
        {"failing, and nothing new",
         [](F& f) {
             fail_for(f, 1h);
             f.published = kNow - 6 * kDay;
         },
         failing,
         true},
        {"failing, and held before",
         [](F& f) {
             fail_for(f, 1h);
             wait_for(f, 5 * kDay, 5);
         },
         failing,
         true},
        {"refused",
         [](F& f) {
             fail_for(f, 1h, 4);
             f.was_refused = true;
         },
         refused,
         false},
        {"refused for too long",
         [](F& f) {
             ask(f, 41h);
             fail_for(f, 41h);
             f.was_refused = true;
         },
         refused,
         true},
        {"left alone",
         [](F& f) {
             fail_for(f, 1h);
             f.cooldown_until = kNow + 1h;
         },
         cooling,
         false},
        {"left alone for too long",
         [](F& f) {
             ask(f, 41h);
             fail_for(f, 1h);
             f.cooldown_until = kNow + 1h;
         },
         cooling,
         true},
        {"never", forget, never, false},
        {"never, with --max-age",
         [](F& f) {
             forget(f);
             f.max_age = 1h;
         },
         never,
         true},
        {"failing from the beginning",
         [](F& f) {
             forget(f);
             fail_for(f, 40h);
         },
         failing,
         false},
        {"for twice `every`",
         [](F& f) {
             forget(f);
             fail_for(f, 40h + 1s);
         },
         failing,
         true},
        {"without `every` from the beginning",
         [](F& f) {
             forget(f);
             f.every = 0s;
             fail_for(f, 9 * kDay);
         },
         failing,
         false},
        {"every second, from the beginning",
         [](F& f) {
             forget(f);
             f.every = 1s;
             fail_for(f, 3s);
         },
         failing,
         true},
        {"a success that another host's clock saw",
         [](F& f) { f.last_success = kNow + 5min; },
         fresh,
         false},
        {"a success in the future", [](F& f) { f.last_success = kNow + 5min + 1s; }, future, true},
        {"the clock was wrong", [](F& f) { ask(f, -1492 * kDay); }, future, true},
        {"an attempt in the future", [](F& f) { f.last_attempt = kNow + 6min; }, future, true},
        {"another host's clock", [](F& f) { f.last_attempt = kNow + 5min; }, fresh, false},
        {"published tomorrow, seen from the west",
         [](F& f) { f.published = kNow + kDay; },
         fresh,
         false},
        {"published in the future", [](F& f) { f.published = kNow + kDay + 1s; }, future, true},
        {"the future comes first",
         [](F& f) {
             ask(f, -kDay);
             fail_for(f, 1h);
         },
         future,
         true},
        {"disabled",
         [](F& f) {
             f.enabled = false;
             ask(f, 3319 * kDay);
         },
         disabled,
         false},
    };
    std::set<Freshness> seen;
    for (const Case& each : cases) {
        CAPTURE(each.what);
        FreshnessFacts facts = good();
        each.change(facts);
        const FreshnessVerdict verdict = judge(facts, kNow);
        CHECK(name(verdict.state) == name(each.state));
        CHECK(verdict.is_broken == each.is_broken);
        // A trouble without words helps nobody.
        CHECK(explain(verdict, facts, kNow).empty() == verdict.troubles.empty());
        seen.insert(verdict.state);
    }
    CHECK(seen.size() == 11);
}

TEST_CASE("every state has its name and every trouble its words", "[freshness]") {
    using enum Freshness;
    FreshnessFacts facts = good();
    fail_for(facts, 1h, 1);
    facts.cooldown_until = kNow + 1h;
    facts.waiting = {.publication = "delta", .reason = "part 2 is missing"};
    struct Words {
        Freshness state;
        const char* name;
        const char* text;
    };
    const std::vector<Words> table{
        {fresh, "fresh", ""},
        {due, "due", ""},
        {disabled, "disabled", ""},
        {late, "late", "no success for 1h, since 2026-11-23T11:00:00Z"},
        {stale, "stale", "nothing newly published for 5h, since 2026-11-23T07:00:00Z"},
        {held, "held", "held: part 2 is missing; 0 publications wait behind it"},
        {failing, "failing", "1 run failed: HTTP status 503"},
        {refused, "refused", "1 run refused or failed: HTTP status 503"},
        {cooling, "cooling", "the publisher wants to be left alone until 2026-11-23T13:00:00Z"},
        {never, "never", "never fetched"},
    };
    for (const Words& each : table) {
        CHECK(name(each.state) == each.name);
        CHECK(explain(each.state, facts, kNow) == each.text);
    }
    CHECK(name(future) == "future");
    facts.failures = 2;
    facts.last_error.clear();
    CHECK(explain(failing, facts, kNow) == "2 runs in a row failed");
}

TEST_CASE("all troubles are told, not only the first", "[freshness]") {
    FreshnessFacts facts = good();
    ask(facts, 44h);
    fail_for(facts, 44h, 3);
    wait_for(facts, 60h, 5);
    facts.published = kNow - 6 * kDay;
    const FreshnessVerdict verdict = judge(facts, kNow);
    CHECK(verdict.has(Freshness::held));
    CHECK_FALSE(verdict.has(Freshness::refused));
    CHECK(
        explain(verdict, facts, kNow) ==
        "3 runs in a row failed: HTTP status 503; held: delta of 2026-11-20: part 2 of 3 is "
        "missing,"
        " noticed 2026-11-21T00:00:00Z; 5 publications wait behind it; no success for 1d 20h, since"
        " 2026-11-21T16:00:00Z; nothing newly published for 6d, since 2026-11-17T12:00:00Z");
}

TEST_CASE("what a wrong clock left behind is shown with both times", "[freshness]") {
    FreshnessFacts facts = good();
    ask(facts, -2 * kDay);
    CHECK(
        explain(Freshness::future, facts, kNow) ==
        "2026-11-25T12:00:00Z is stored, which lies 2d ahead of this clock (2026-11-23T12:00:00Z):"
        " one is wrong");
}

TEST_CASE("what is waited for, in words", "[freshness]") {
    CHECK(describe(Waiting{}).empty());
    CHECK(describe({.publication = "snapshot of 2026-11-14",
                    .reason = "snapshot of 2026-11-14: C is missing",
                    .behind = 1}) ==
          "snapshot of 2026-11-14: C is missing; 1 publication waits behind it");
    CHECK(
        describe({"delta of 2026-11-20", "delta of 2026-11-20: part 2 of 3 is missing", kNow, 0}) ==
        "delta of 2026-11-20: part 2 of 3 is missing, noticed 2026-11-23T12:00:00Z; 0 publications"
        " wait behind it");
}
