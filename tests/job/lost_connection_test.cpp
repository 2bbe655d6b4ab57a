// Runs whose connection to a store that hosts share is lost here and there: what they report is
// what the store says.
#include "job/hosts_run.hpp"
#include "store/lease.hpp"
#include "store/state.hpp"
#include "support/catch.hpp"

#include <utility>

using namespace isinfetch;
using namespace std::chrono_literals;

namespace {

[[noreturn]] void lose() {
    fail(ErrorKind::temporary, "connection lost");
}

struct LostFixture : test::HostsRun {
    test::FlakyConnection& store = flaky;

    LostFixture() : HostsRun("US0378331005\nGB0002634946\n") { config.host_name = "this-host"; }

    /// Loses the n-th statement of a run that begins so, or its answer.
    void lose_nth(std::string_view beginning, int number, bool is_done) {
        auto left = std::make_shared<int>(number);
        (is_done ? store.after : store.before) = [=](std::string_view sql) {
            if (sql.starts_with(beginning) && --*left == 0) {
                lose();
            }
        };
    }

    /// How many such statements a run has.
    int count_statements(std::string_view beginning) {
        int statements = 0;
        store.before = [&](std::string_view sql) {
            statements += sql.starts_with(beginning) ? 1 : 0;
        };
        run();
        store.before = [](std::string_view) {};
        return statements;
    }
};

}  // namespace

TEST_CASE_METHOD(LostFixture, "whichever COMMIT loses its reply", "[job][contract]") {
    const bool is_done = GENERATE(true, false);
    CAPTURE(is_done);
    CHECK(run().status == SourceStatus::updated);
    options.force = true;
    const int commits = count_statements("COMMIT");
    REQUIRE(commits >= 3);  // the lease is taken and given back, the outcome recorded
    for (int number = 1; number <= commits; ++number) {
        CAPTURE(number);
        time += 24h;
        lose_nth("COMMIT", number, is_done);
        const SourceReport report = run();
        store.after = store.before = [](std::string_view) {};
        CHECK(report.status == SourceStatus::unchanged);
        CHECK_FALSE(report.error);
        const std::string id = "run-" + std::to_string(runs);
        CHECK(count("run_source v JOIN run r ON r.id = v.run_id WHERE r.run_id = '" + id + "'") ==
              1);
        CHECK(count("run_source WHERE status = 'failed'") == 0);
        CHECK(load_state(*own, "list").last_success == time);
        CHECK(load_state(*own, "list").failures == 0);
        CHECK(read_lease(*own, "list").holder.empty());
        CHECK(read_lease(*own, "list").takeovers == 0);
    }
    CHECK(count("run WHERE finished IS NULL") == 0);
}

TEST_CASE_METHOD(LostFixture, "a store that is away for long after a COMMIT", "[job][contract]") {
    CHECK(run().status == SourceStatus::updated);
    options.force = true;
    // All questions what became of it; the further tries to record it, too.
    const int lost = GENERATE(30, 39);
    bool is_recorded = false;
    bool is_over = false;
    int left = 0;
    store.before = [&](std::string_view sql) {
        is_recorded = is_recorded || sql.starts_with("INSERT INTO run_source");
        if (left > 0) {
            --left;
            lose();
        }
    };
    store.after = [&](std::string_view sql) {
        if (is_recorded && !is_over && sql == "COMMIT") {
            is_over = true;  // a function that is replaced while it runs is gone
            left = lost;
            lose();
        }
    };
    const SourceReport report = run();
    CHECK(left == 0);
    CHECK(report.status == SourceStatus::unchanged);
    CHECK_FALSE(report.error);
    CHECK(count("run_source") == 2);
    CHECK(count("run_source WHERE status = 'failed'") == 0);
}

TEST_CASE_METHOD(LostFixture, "a run closes what lost runs left open", "[job][contract]") {
    begin_run(*own, {.run_id = "lost", .host = "this-host", .started = time});
    own->script("UPDATE run SET pid = 2147483646");  // no process has such a number
    begin_run(*own, {.run_id = "another", .host = "another-host", .started = time});
    CHECK(run().status == SourceStatus::updated);
    CHECK(query_text(*own, "SELECT run_id FROM run WHERE finished IS NULL") == "another");
    CHECK(query_integer(*own, "SELECT exit_status FROM run WHERE run_id = 'lost'") == 75);
}

TEST_CASE_METHOD(LostFixture, "a first look that is lost is taken again", "[job][contract]") {
    lose_nth("SELECT id, name", 1, false);
    CHECK(run().status == SourceStatus::updated);
    CHECK(count("run_source WHERE status = 'failed'") == 0);
}

TEST_CASE_METHOD(LostFixture, "a refusal whose COMMIT loses its reply", "[job][contract]") {
    CHECK(run().status == SourceStatus::updated);
    time += 24h;
    test::FakeHttp shorter;
    shorter.add(source.url, 200, "US0378331005\n");
    Environment other{.http = shorter,
                      .store = store,
                      .state_dir = directory.path(),
                      .now = environment.now,
                      .sleep = environment.sleep,
                      .dice = environment.dice,
                      .progress = environment.progress,
                      .lease = environment.lease,
                      .connect = environment.connect};
    bool is_recorded = false;
    store.before = [&](std::string_view sql) {
        is_recorded = is_recorded || sql.starts_with("INSERT INTO file");
    };
    store.after = [&](std::string_view sql) {
        if (is_recorded && sql == "COMMIT") {
            is_recorded = false;
            lose();
        }
    };
    options.run_id = "short";
    const SourceReport report = run_job(config, {&source}, options, other).sources.front();
    CHECK(report.status == SourceStatus::refused);
    CHECK(count("run_source WHERE status = 'refused'") == 1);
    CHECK(count("file WHERE state = 'refused'") == 1);
    CHECK(load_state(*own, "list").failures == 1);
}

TEST_CASE_METHOD(LostFixture, "who was taken over says so", "[job][contract]") {
    bool is_lost = false;
    // The new holder ended the session, which is all that this one notices.
    at_stage = [&](const std::string& stage) {
        if (stage == "merge") {
            own->script("UPDATE source SET lease_until = store_time(-1)");
            take_lease(*own, "list", "another host", 60s);
            store.before = [this, &is_lost](std::string_view) {
                if (!std::exchange(is_lost, true)) {
                    lose();
                }
            };
        }
    };
    const SourceReport report = run();
    REQUIRE(report.error);
    CHECK(report.error->kind() == ErrorKind::busy);
    CHECK_THAT(report.error->what(), ContainsSubstring("taken over (another host)"));
    CHECK_THAT(report.error->what(), ContainsSubstring("noticed by: connection lost"));
    CHECK(count("run_source WHERE error_kind = 'busy'") == 1);
    CHECK(load_state(*own, "list").failures == 0);
}

TEST_CASE_METHOD(LostFixture, "the host has the name that it was given", "[job][contract]") {
    std::string holder;
    at_stage = [&](const std::string&) { holder = read_lease(*own, "list").holder; };
    run();
    CHECK(holder.starts_with("this-host, pid "));
    CHECK(query_text(*own, "SELECT host FROM run") == "this-host");
    CHECK(load_state(*own, "list").host == "this-host");
}
