// What a run received and did not come to publish is not asked for again.
#include "job/job.hpp"
#include "store/query.hpp"
#include "store/state.hpp"
#include "support/catch.hpp"
#include "support/fake_http.hpp"
#include "support/test_store.hpp"

using namespace isinfetch;
using namespace std::chrono_literals;

namespace {

constexpr const char* kUrl = "https://list.example/list";
constexpr const char* kFirst = "US0378331005\nGB0002634946\n";
constexpr const char* kSecond = "US0378331005\nGB0002634946\nDE000A0GNPZ3\n";

struct ReceivedListFixture {
    test::TempDir directory{};
    std::optional<test::FakeHttp> http{std::in_place};
    test::TestStore place{directory};
    std::unique_ptr<Connection> store = open_store({.location = place.location()});
    Timestamp time = *parse_time("2026-11-23T12:00:00Z");
    RunOptions options{.lock_wait = 0s, .jobs = 1};
    std::string ends_at{};  ///< stage at which a run ends as if it was killed
    SourceConfig source{.name = "list",
                        .url = kUrl,
                        .discovery = find_discovery("direct"),
                        .format = find_format("lines"),
                        .mapping = "lines"};
    int runs = 0;

    /// What the publisher answers from now on.
    void serve(int status, const std::string& body = {}, const std::string& etag = {}) {
        http.emplace();
        test::FakeHttp::Answer answer{.response = {.status = status}, .body = body};
        answer.response.etag = etag;
        http->add(kUrl, answer);
    }

    SourceReport run() {
        Environment environment{.http = *http,
                                .store = *store,
                                .state_dir = directory.path(),
                                .now = [this] { return time; },
                                .sleep = [](std::chrono::milliseconds) {},
                                .dice = [] { return 0.0; },
                                .progress =
                                    [this](const std::string&, const std::string& stage) {
                                        if (stage == ends_at) {
                                            fail(ErrorKind::interrupted, "killed");
                                        }
                                    }};
        options.run_id = "run-" + std::to_string(++runs);
        const Config config{.state_dir = directory.path()};
        return run_job(config, {&source}, options, environment).sources.front();
    }

    /// A run that ends between the archive and the commit.
    void receive(const std::string& body, const std::string& etag = {}) {
        serve(200, body, etag);
        ends_at = "merge";
        CHECK(run().status == SourceStatus::failed);
        ends_at.clear();
        CHECK(http->requests.size() == 1);
    }

    bool has_note() const { return std::filesystem::exists(directory / "received" / "list"); }

    std::int64_t listings() {
        return query_integer(*store, "SELECT count(*) FROM listing").value();
    }
};

}  // namespace

TEST_CASE_METHOD(ReceivedListFixture, "a run goes on with what was received", "[job]") {
    receive(kFirst);
    CHECK(has_note());
    serve(500);
    time += 20min;
    const SourceReport report = run();
    CHECK(report.status == SourceStatus::updated);
    CHECK(http->requests.empty());
    CHECK(report.attempts == 0);
    CHECK(report.bytes == std::string_view(kFirst).size());
    CHECK(listings() == 2);
    CHECK_FALSE(has_note());
}

TEST_CASE_METHOD(ReceivedListFixture, "later the publisher is asked whether it changed", "[job]") {
    receive(kFirst, "\"one\"");
    serve(304);
    time += 2h;
    const SourceReport report = run();
    CHECK(report.status == SourceStatus::updated);
    REQUIRE(http->requests.size() == 1);
    CHECK(http->requests.front().etag == "\"one\"");
    CHECK(listings() == 2);
    CHECK(load_state(*store, "list").etag == "\"one\"");
    CHECK_FALSE(has_note());
}

TEST_CASE_METHOD(ReceivedListFixture, "whoever wants to ask is let ask", "[job]") {
    receive(kFirst, "\"one\"");
    serve(200, kSecond, "\"two\"");
    options.force = true;
    CHECK(run().status == SourceStatus::updated);
    CHECK(http->requests.size() == 1);
    CHECK(listings() == 3);
    CHECK_FALSE(has_note());
}

TEST_CASE_METHOD(ReceivedListFixture, "what never changes is never asked for again", "[job]") {
    source.checksum = "md5:e23ffe5a3b4aabe681ba3d1cd1ce56a7";  // of kFirst
    receive(kFirst);
    serve(500);
    time += 48h;
    options.force = true;
    CHECK(run().status == SourceStatus::updated);
    CHECK(http->requests.empty());
}

TEST_CASE_METHOD(ReceivedListFixture, "another host has published meanwhile", "[job]") {
    receive(kFirst);
    store->script("UPDATE source SET last_success = '2026-11-23T12:10:00Z'");
    serve(200, kSecond);
    time += 20h + 20min;
    run();
    CHECK(http->requests.size() == 1);
    CHECK(listings() == 3);
}

TEST_CASE_METHOD(ReceivedListFixture, "a publication counts whatever its second", "[job]") {
    receive(kFirst);
    const auto notes = directory / "received" / "list";
    std::filesystem::rename(notes, directory / "of the other host");
    serve(200, kFirst);
    CHECK(run().status == SourceStatus::updated);
    std::filesystem::rename(directory / "of the other host", notes);
    store->script("UPDATE source SET last_success = '2026-01-01T00:00:00Z'");
    serve(200, kSecond);
    CHECK(run().status == SourceStatus::updated);
    CHECK(http->requests.size() == 1);
    CHECK(listings() == 3);
}

TEST_CASE_METHOD(ReceivedListFixture, "what is of no use is not kept", "[job]") {
    serve(200, "no ISIN at all\n");
    CHECK(run().error);
    CHECK_FALSE(has_note());
    serve(200, kFirst);
    CHECK(run().status == SourceStatus::updated);
    CHECK(http->requests.size() == 1);
    CHECK_FALSE(has_note());
}

TEST_CASE_METHOD(ReceivedListFixture, "a dry run leaves no note", "[job]") {
    serve(200, kFirst);
    options.dry_run = true;
    CHECK(run().status == SourceStatus::updated);
    CHECK_FALSE(has_note());
}
