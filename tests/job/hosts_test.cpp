// Runs of several hosts on one store: who gets the lease, who is fenced.
#include "job/hosts_run.hpp"
#include "store/lease.hpp"
#include "store/state.hpp"
#include "support/catch.hpp"

#include <atomic>
#include <thread>
#include <utility>

using namespace isinfetch;
using namespace std::chrono_literals;

namespace {

constexpr const char* kList = "US0378331005\nGB0002634946\n";

struct HostsFixture : test::HostsRun {
    const std::unique_ptr<Connection>& store = own;

    HostsFixture() : HostsRun(kList) {}
};

}  // namespace

TEST_CASE_METHOD(HostsFixture, "a run takes the lease and gives it back", "[job][contract]") {
    std::string holder;
    at_stage = [&](const std::string&) { holder = read_lease(*store, "list").holder; };
    CHECK(run().status == SourceStatus::updated);
    CHECK_THAT(holder, ContainsSubstring("run run-1"));
    const LeaseState lease = read_lease(*store, "list");
    CHECK(lease.holder.empty());
    CHECK(lease.is_over);
    CHECK(run().status == SourceStatus::current);
    CHECK(load_state(*store, "list").fence == 1);
}

TEST_CASE_METHOD(HostsFixture, "who does not get the lease comes again", "[job][contract]") {
    take_lease(*store, "list", "another host", 60s);
    const SourceReport report = run();
    CHECK(report.status == SourceStatus::failed);
    REQUIRE(report.error);
    CHECK(report.error->kind() == ErrorKind::busy);
    CHECK_THAT(report.error->what(), ContainsSubstring("another host works on it (another host,"));
    CHECK(http.requests.empty());
    // It is nobody's failure.
    CHECK(load_state(*store, "list").failures == 0);
    CHECK(count("run_source WHERE status = 'failed' AND error_kind = 'busy'") == 1);
}

TEST_CASE_METHOD(HostsFixture, "a lease that ran out is taken over", "[job][contract]") {
    take_lease(*store, "list", "dead host", -1s);
    const SourceReport report = run();
    CHECK(report.status == SourceStatus::updated);
    CHECK(report.remarks.warnings.contains("taken over from dead host"));
}

TEST_CASE_METHOD(HostsFixture, "runs that die are not begun for ever", "[job][contract]") {
    for (int i = 0; i < 10; ++i) {
        take_lease(*store, "list", "dead host " + std::to_string(i), -1s);
    }
    const SourceReport report = run();
    REQUIRE(report.error);
    CHECK(report.error->kind() == ErrorKind::data);
    CHECK_THAT(report.error->what(), ContainsSubstring("10 runs in a row died or froze"));
    options.force = true;
    CHECK(run().status == SourceStatus::updated);
    CHECK(read_lease(*store, "list").takeovers == 0);
}

TEST_CASE_METHOD(HostsFixture, "who was overtaken writes nothing", "[job][contract]") {
    const std::string when = GENERATE("download", "parse", "merge");
    CAPTURE(when);
    at_stage = [&](const std::string& stage) {
        if (stage == when) {
            store->script("UPDATE source SET lease_until = store_time(-1)");
            take_lease(*store, "list", "another host", 60s);
        }
    };
    const SourceReport report = run();
    REQUIRE(report.error);
    CHECK(report.error->kind() == ErrorKind::busy);
    CHECK(count("listing") == 0);
    CHECK(count("run_source WHERE status = 'updated'") == 0);
    CHECK(count("run_source WHERE status = 'failed'") == 1);
    CHECK(count("run WHERE finished IS NULL") == 0);
    CHECK(read_lease(*store, "list").holder == "another host");
    CHECK(load_state(*store, "list").failures == 0);
}

TEST_CASE_METHOD(HostsFixture,
                 "an unchanged list of a host overtaken is no news",
                 "[job][contract]") {
    CHECK(run().status == SourceStatus::updated);
    const auto before = load_state(*store, "list");
    options.force = true;
    at_stage = [&](const std::string& stage) {
        if (stage == "download") {
            store->script("UPDATE source SET lease_until = store_time(-1)");
            take_lease(*store, "list", "another host", 60s);
        }
    };
    time += 24h;
    const SourceReport report = run();
    REQUIRE(report.error);
    CHECK(report.error->kind() == ErrorKind::busy);
    CHECK(load_state(*store, "list").last_success == before.last_success);
}

// Between the first look and the lease another host may have done all that there is to do.
struct SecondLookFixture : HostsFixture {
    bool is_done = false;

    void before_the_lease(const std::function<void()>& action) {
        flaky.before = [this, action](std::string_view sql) {
            if (sql.starts_with("SELECT lease_holder") && !std::exchange(is_done, true)) {
                action();
            }
        };
    }

    /// A run of another host with this list.
    void run_elsewhere(const std::string& list) {
        const test::TempDir elsewhere;
        test::FakeHttp publisher;
        publisher.add(source.url, 200, list);
        RunOptions theirs = options;
        theirs.run_id = "elsewhere-" + std::to_string(runs);
        Environment other{.http = publisher,
                          .store = *own,
                          .state_dir = elsewhere.path(),
                          .now = environment.now,
                          .sleep = environment.sleep,
                          .dice = environment.dice,
                          .progress = [](const std::string&, const std::string&) {},
                          .lease = environment.lease,
                          .connect = environment.connect};
        const Config there{.state_dir = elsewhere.path()};
        CHECK(run_job(there, {&source}, theirs, other).sources.front().status ==
              SourceStatus::updated);
    }
};

TEST_CASE_METHOD(SecondLookFixture,
                 "what became current before the lease is not asked for",
                 "[job][contract]") {
    before_the_lease([this] { run_elsewhere(kList); });
    const SourceReport report = run();
    CHECK(is_done);
    CHECK(report.status == SourceStatus::current);
    CHECK(http.requests.empty());
    CHECK(count("run_source WHERE status = 'current'") == 1);
    CHECK(read_lease(*store, "list").holder.empty());
}

TEST_CASE_METHOD(SecondLookFixture,
                 "what was published before the lease is what a run goes on from",
                 "[job][contract]") {
    options.force = true;
    before_the_lease([this] { run_elsewhere(kList); });
    const SourceReport same = run();
    CHECK(same.status == SourceStatus::unchanged);
    CHECK_FALSE(same.error);
    is_done = false;
    before_the_lease([this] { run_elsewhere("US0378331005\nGB0002634946\nDE000A0GNPZ3\n"); });
    source.guards.max_shrink = 1;
    source.guards.detect_cut = false;
    const SourceReport changed = run();
    CHECK(changed.status == SourceStatus::updated);
    CHECK(changed.counts.removed == 1);
}

TEST_CASE_METHOD(HostsFixture, "who is told of a take-over stops at once", "[job][contract]") {
    environment.lease = 1s;
    const auto connection = open_store({.location = place.location()});
    std::atomic<bool> is_asking = false;
    environment.connect = [&] {
        auto keepers = std::make_unique<test::FlakyConnection>(*connection);
        keepers->after = [&](std::string_view sql) { is_asking = is_asking || sql == "COMMIT"; };
        return keepers;
    };
    bool is_merged = true;
    at_stage = [&](const std::string& stage) {
        is_merged = is_merged || stage == "merge";
        if (stage == "parse") {
            store->script("UPDATE source SET lease_until = store_time(-1)");
            take_lease(*store, "list", "another host", 60s);
            is_asking = false;
            while (!is_asking) {
                std::this_thread::sleep_for(1ms);
            }
            std::this_thread::sleep_for(10ms);
        }
    };
    // What its keeper has heard and the run has not, a busy machine may keep apart for once.
    for (int attempt = 0; attempt < 20 && is_merged; ++attempt) {
        break_lease(*store, "list");
        is_merged = false;
        const SourceReport report = run();
        REQUIRE(report.error);
        CHECK(report.error->kind() == ErrorKind::busy);
        CHECK_THAT(report.error->what(), ContainsSubstring("another host has taken over"));
    }
    CHECK_FALSE(is_merged);
}
