// Records of runs that never told their end: who closes them, and what prune leaves alone.
#include "store/lost_runs.hpp"

#include "store/lease.hpp"
#include "store/prune.hpp"
#include "store_fixture.hpp"
#include "support/catch.hpp"

#include <unistd.h>

using namespace isinfetch;
using namespace isinfetch::test;
using namespace std::chrono_literals;

namespace {

constexpr const char* kNow = "2026-11-23T12:00:00Z";

struct LostRunsFixture : StoreFixture {
    Timestamp time = *parse_time(kNow);

    std::int64_t begin(const std::string& id, const std::string& host, Timestamp started) const {
        return begin_run(*store, {.run_id = id, .host = host, .started = started});
    }

    /// As if another process had begun it: one that is gone, since no process has such a number.
    std::int64_t begin_dead(const std::string& id, const std::string& host) const {
        const std::int64_t run = begin(id, host, time - 1min);
        store->script("UPDATE run SET pid = 2147483646 WHERE id = " + std::to_string(run));
        return run;
    }

    std::string open() const {
        return query_text(*store, "SELECT max(run_id) FROM run WHERE finished IS NULL")
            .value_or("");
    }
};

}  // namespace

TEST_CASE("a run that will never tell its end", "[store]") {
    struct Case {
        OpenRun run;
        bool is_lost;
        const char* why;
    };
    const RunWitness witness{.host = "a",
                             .is_alive = [](std::int64_t pid) noexcept { return pid == 1; },
                             .now = *parse_time(kNow)};
    const std::string old = "2026-11-23T10:59:59Z";
    const std::string young = "2026-11-23T11:00:00Z";
    const auto row = GENERATE_COPY(values<Case>({
        {{.host = "a", .pid = 1, .started = old}, false, "its process is there"},
        {{.host = "a", .pid = 2, .started = young}, true, "its process is gone"},
        {{.host = "a", .pid = 2, .started = young, .has_lease = true}, false, "it has a lease"},
        {{.host = "b", .pid = 2, .started = young}, false, "another host's, who knows"},
        {{.host = "b", .pid = 1, .started = old}, true, "another host's, silent for an hour"},
        {{.host = "b", .pid = 2, .started = old, .has_lease = true}, false, "it goes on there"},
    }));
    CAPTURE(row.why);
    CHECK(is_lost(row.run, witness) == row.is_lost);
}

TEST_CASE_METHOD(LostRunsFixture, "whoever comes next closes lost runs", "[store][contract]") {
    const std::int64_t dead = begin_dead("dead", "a");
    begin("alive", "a", time - 2h);
    CHECK(close_lost_runs(*store, "a", time) == 1);
    CHECK(open() == "alive");
    const std::string of_dead = " FROM run WHERE id = " + std::to_string(dead);
    CHECK(query_text(*store, "SELECT finished" + of_dead) == kNow);
    CHECK(query_integer(*store, "SELECT exit_status" + of_dead) == 75);
    CHECK(close_lost_runs(*store, "a", time) == 0);
    // One that was only frozen puts it right.
    end_run(*store, dead, {.finished = time + 1h}, ExitCode::ok);
    CHECK(query_integer(*store, "SELECT exit_status" + of_dead) == 0);
}

TEST_CASE_METHOD(LostRunsFixture, "a run with a lease goes on", "[store][contract]") {
    begin_dead("r1", "a");
    take_lease(*store, "list", "a, pid 7, run r1", 60s);
    CHECK(close_lost_runs(*store, "a", time) == 0);
    store->script("UPDATE source SET lease_until = store_time(-1)");
    CHECK(close_lost_runs(*store, "a", time) == 1);
}

TEST_CASE_METHOD(LostRunsFixture, "the run that was taken over is closed", "[store][contract]") {
    begin("r1", "b", time);
    begin("r2", "b", time);
    take_lease(*store, "list", "b, pid 7, run r1", -1s);
    take_lease(*store, "other", "b, pid 8, run r2", 60s);
    close_overtaken_run(*store, "b, pid 8, run r2", time);
    CHECK(open() == "r2");
    close_overtaken_run(*store, "b, pid 7, run r1", time);
    CHECK(query_integer(*store, "SELECT count(*) FROM run WHERE finished IS NULL") == 1);
    CHECK(open() == "r2");
}

TEST_CASE_METHOD(LostRunsFixture, "prune spares runs that have not ended", "[store][contract]") {
    const std::int64_t run = begin("r1", "a", time - 48h);
    const std::int64_t ended = begin("r2", "a", time - 48h);
    const std::int64_t source = ensure_source(*store, "list");
    const auto entry = [&](std::int64_t of, std::int64_t step) {
        Transaction transaction(*store);
        SourceReport report{.source = "list", .status = SourceStatus::unchanged};
        report.rejections.push_back({.reason = "length", .value = "X"});
        record_source(*store, of, source, report, step);
        transaction.commit();
    };
    end_run(*store, ended, {.finished = time - 47h}, ExitCode::ok);
    const auto rows = [&](const std::string& table) {
        return query_integer(*store, "SELECT count(*) FROM " + table).value();
    };
    // Before its first entry, and after.
    prune_runs(*store, time, PruneMode::remove, [] {});
    CHECK(rows("run") == 1);
    CHECK(open() == "r1");
    entry(run, 1);
    entry(run, 2);
    CHECK(prune_runs(*store, time, PruneMode::remove, [] {}) == 0);
    CHECK(rows("run_source") == 2);
    CHECK(rows("rejection") == 2);
    end_run(*store, run, {.finished = time}, ExitCode::ok);
    CHECK(prune_runs(*store, time, PruneMode::remove, [] {}) == 1);
    CHECK(rows("run_source") == 1);
    CHECK(rows("rejection") == 0);
}
