// Runs of several hosts on one store: who gets the lease, who is fenced.
#include "job/hosts_run.hpp"
#include "store/lease.hpp"
#include "store/state.hpp"
#include "support/catch.hpp"

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
