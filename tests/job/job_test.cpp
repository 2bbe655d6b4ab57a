#include "job/job.hpp"

#include "store/query.hpp"
#include "store/state.hpp"
#include "store/store.hpp"
#include "support/catch.hpp"
#include "support/fake_http.hpp"
#include "support/test_store.hpp"
#include "util/file_lock.hpp"

#include <algorithm>
#include <mutex>
#include <set>

using namespace isinfetch;
using namespace std::chrono_literals;

namespace {

constexpr const char* kDayOne = "US0378331005\nGB0002634946\nDE000A0GNPZ3\n";
constexpr const char* kDayTwo = "US0378331005\nGB0002634946\nDE000A0GNPZ3\nAU0000XVGZA3\n";

SourceConfig source(const std::string& name) {
    return {.name = name,
            .url = "https://" + name + ".example/list",
            .discovery = find_discovery("direct"),
            .format = find_format("lines"),
            .mapping = "lines"};
}

/// Whole runs with no network and no waiting, on a real store; the clock moves when told.
struct JobFixture {
    test::TempDir directory{};
    test::FakeHttp http{};
    test::TestStore place{directory};
    std::unique_ptr<Connection> store = open_store({.location = place.location()});
    Timestamp time = *parse_time("2026-11-23T12:00:00Z");
    RunOptions options{.lock_wait = 0s, .jobs = 1};
    Environment environment{.http = http,
                            .store = *store,
                            .state_dir = directory.path(),
                            .now = [this] { return time; },
                            .sleep = [](std::chrono::milliseconds) {},
                            .dice = [] { return 0.0; },
                            .progress = [](const std::string&, const std::string&) {}};
    int runs = 0;

    RunReport run(const std::vector<SourceConfig>& sources) {
        const Config config{.state_dir = directory.path()};
        std::vector<const SourceConfig*> selected;
        for (const SourceConfig& one : sources) {
            selected.push_back(&one);
        }
        options.run_id = "run-" + std::to_string(++runs);
        return run_job(config, selected, options, environment);
    }

    SourceReport run_one(const SourceConfig& one) { return run({one}).sources.front(); }

    std::vector<std::string> served() {
        std::vector<std::string> isins;
        for_each_listing(*store, {}, [&](const StoredListing& stored) {
            isins.push_back(stored.listing.isin());
        });
        return isins;
    }

    std::int64_t rows(const std::string& table) {
        return query_integer(*store, "SELECT count(*) FROM " + table).value_or(-1);
    }
};

}  // namespace

TEST_CASE_METHOD(JobFixture, "a first run commits the list and records itself", "[job][contract]") {
    http.add("https://a.example/list", 200, kDayOne);
    const SourceReport report = run_one(source("a"));
    CHECK(report.status == SourceStatus::updated);
    CHECK(report.counts.added == 3);
    CHECK(report.counts.isins == 3);
    CHECK(report.attempts == 1);
    CHECK(served() == std::vector<std::string>{"DE000A0GNPZ3", "GB0002634946", "US0378331005"});
    const SourceState state = load_state(*store, "a");
    CHECK(state.records == 3);
    CHECK(state.last_success == time);
    CHECK(state.tail.back() == "DE000A0GNPZ3 ");
    CHECK(query_text(*store, "SELECT exit_status FROM run") == "0");
}

TEST_CASE_METHOD(JobFixture, "what would be reported if the run ended now is told", "[job]") {
    http.add("https://a.example/list", 200, kDayOne);
    http.add("https://b.example/list", 404);
    std::vector<std::set<std::string>> left;
    std::vector<std::size_t> failures;
    environment.so_far = [&](const RunReport& report, const std::set<std::string>& open) {
        left.push_back(open);
        failures.push_back(static_cast<std::size_t>(std::ranges::count_if(
            report.sources, [](const SourceReport& each) { return each.error.has_value(); })));
        CHECK(report.sources.size() == 2);
        CHECK(report.sources.back().source == "b");
        CHECK(report.finished == time);
    };
    const RunReport report = run({source("a"), source("b")});
    CHECK(left == std::vector<std::set<std::string>>{{"a", "b"}, {"b"}, {}});
    CHECK(failures == std::vector<std::size_t>{2, 1, 1});
    CHECK(report.sources.front().status == SourceStatus::updated);
}

TEST_CASE_METHOD(JobFixture, "a source that is not due is not asked", "[job][contract]") {
    http.add("https://a.example/list", 200, kDayOne);
    run_one(source("a"));
    time += 19h;
    CHECK(run_one(source("a")).status == SourceStatus::current);
    CHECK(http.requests.size() == 1);
    time += 1h;
    CHECK(run_one(source("a")).status == SourceStatus::unchanged);
    CHECK(http.requests.size() == 2);
    options.force = true;
    CHECK(run_one(source("a")).status == SourceStatus::unchanged);
}

TEST_CASE_METHOD(JobFixture,
                 "a conditional request is sent and a 304 writes no listing",
                 "[job][contract]") {
    http.add("https://a.example/list", {{.status = 200, .etag = "\"one\""}, kDayOne});
    http.add("https://a.example/list", 304);
    run_one(source("a"));
    time += 24h;
    const SourceReport report = run_one(source("a"));
    CHECK(report.status == SourceStatus::unchanged);
    CHECK(http.requests.back().etag == "\"one\"");
    CHECK(rows("listing") == 3);
    CHECK(load_state(*store, "a").last_success == time);
}

TEST_CASE_METHOD(JobFixture, "other settings read an unchanged file again", "[job][contract]") {
    http.add("https://a.example/list", {{.status = 200, .etag = "\"one\""}, kDayOne});
    http.add("https://a.example/list", 304);
    run_one(source("a"));
    options.force = true;
    SourceConfig changed = source("a");
    changed.validate.mic = "XETR";
    changed.mapping = "lines, XETR";
    const SourceReport report = run_one(changed);
    CHECK(report.status == SourceStatus::updated);
    CHECK(report.counts.changed == 3);
    CHECK(run_one(changed).status == SourceStatus::unchanged);
}

TEST_CASE_METHOD(JobFixture,
                 "a source that fails neither stops nor hides another",
                 "[job][contract]") {
    http.add("https://bad.example/list", 404);
    http.add("https://good.example/list", 200, kDayOne);
    const RunReport report = run({source("bad"), source("good")});
    CHECK(report.sources[0].status == SourceStatus::failed);
    CHECK(report.sources[0].http_status == 404);
    CHECK(report.sources[0].served == "nothing: there is no list yet");
    CHECK(report.sources[1].status == SourceStatus::updated);
    CHECK(exit_code(report) == ExitCode::no_input);
    CHECK(rows("run_source") == 2);
    CHECK(load_state(*store, "bad").failures == 1);
}

TEST_CASE_METHOD(JobFixture, "failures are counted until a success", "[job][contract]") {
    http.add("https://a.example/list", 404);
    http.add("https://a.example/list", 404);
    http.add("https://a.example/list", 200, kDayOne);
    run_one(source("a"));
    run_one(source("a"));
    CHECK(load_state(*store, "a").failures == 2);
    CHECK_THAT(load_state(*store, "a").last_error, ContainsSubstring("404"));
    run_one(source("a"));
    CHECK(load_state(*store, "a").failures == 0);
    CHECK(load_state(*store, "a").last_error.empty());
}

TEST_CASE_METHOD(JobFixture,
                 "a publisher who asks for it is left alone across runs",
                 "[job][contract]") {
    http.add("https://a.example/list", {{.status = 429, .retry_after = 3600s}, ""});
    http.add("https://a.example/list", 200, kDayOne);
    CHECK(run_one(source("a")).status == SourceStatus::failed);
    const std::size_t asked = http.requests.size();
    time += 3599s;
    const SourceReport left_alone = run_one(source("a"));
    CHECK(left_alone.status == SourceStatus::cooldown);
    CHECK(exit_code(left_alone) == ExitCode::temp_fail);
    CHECK(http.requests.size() == asked);
    time += 1s;
    CHECK(run_one(source("a")).status == SourceStatus::updated);
}

TEST_CASE_METHOD(JobFixture,
                 "a refused file is kept aside and the old list served",
                 "[job][contract]") {
    http.add("https://a.example/list", 200, kDayOne);
    http.add("https://a.example/list", 200, "US0378331005\n");
    run_one(source("a"));
    options.force = true;
    const SourceReport refused = run_one(source("a"));
    CHECK(refused.status == SourceStatus::refused);
    CHECK(exit_code(refused) == ExitCode::data);
    CHECK_THAT(refused.error->what(), ContainsSubstring("max_shrink"));
    CHECK_THAT(refused.served, StartsWith("3 listings"));
    CHECK(served().size() == 3);
    CHECK(std::filesystem::exists(directory / "quarantine" / "a" / refused.sha256));
    CHECK(query_text(*store, "SELECT state FROM file ORDER BY id DESC LIMIT 1") == "refused");

    options.offline = true;
    options.accept_shrink = {"a"};
    const SourceReport accepted = run_one(source("a"));
    CHECK(accepted.status == SourceStatus::updated);
    CHECK(accepted.counts.removed == 2);
    CHECK(served() == std::vector<std::string>{"US0378331005"});
    CHECK_FALSE(std::filesystem::exists(directory / "quarantine" / "a" / refused.sha256));
}

TEST_CASE_METHOD(JobFixture,
                 "what is waived cannot publish a list without records",
                 "[job][contract]") {
    http.add("https://a.example/list", 200, kDayOne);
    http.add("https://a.example/list", 200, "nothing of the kind\n");
    run_one(source("a"));
    options.force = true;
    options.accept_shrink = {"a"};
    CHECK(run_one(source("a")).status == SourceStatus::refused);
    CHECK(served().size() == 3);
}

TEST_CASE_METHOD(JobFixture, "a dry run does everything but the commit", "[job][contract]") {
    http.add("https://a.example/list", 200, kDayOne);
    options.dry_run = true;
    const SourceReport report = run_one(source("a"));
    CHECK(report.status == SourceStatus::updated);
    CHECK(report.counts.added == 3);
    for (const char* table : {"listing", "run", "run_source", "source", "file"}) {
        CAPTURE(table);
        CHECK(rows(table) == 0);
    }
}

TEST_CASE_METHOD(JobFixture, "offline only the archive is read", "[job][contract]") {
    options.offline = true;
    CHECK(exit_code(run_one(source("a"))) == ExitCode::no_input);
    options.offline = false;
    http.add("https://a.example/list", 200, kDayOne);
    run_one(source("a"));
    options.offline = true;
    CHECK(run_one(source("a")).status == SourceStatus::unchanged);
    CHECK(http.requests.size() == 1);
}

TEST_CASE_METHOD(JobFixture,
                 "a source that is locked is left to the other run",
                 "[job][contract]") {
    http.add("https://a.example/list", 200, kDayOne);
    std::filesystem::create_directories(directory / "locks");
    const FileLock lock(Directory(directory / "locks"), "a.lock", "pid 42", 0ms);
    const SourceReport report = run_one(source("a"));
    CHECK(report.status == SourceStatus::failed);
    CHECK(exit_code(report) == ExitCode::temp_fail);
    CHECK_THAT(report.error->what(), ContainsSubstring("pid 42"));
    CHECK(http.requests.empty());
}

TEST_CASE_METHOD(JobFixture,
                 "the time of publication is the server's and never goes back",
                 "[job][contract]") {
    SourceConfig one = source("a");
    one.cadence.every = 0s;
    http.add("https://a.example/list",
             {{.status = 200, .last_modified = "Sun, 22 Nov 2026 08:00:00 GMT"}, kDayOne});
    http.add("https://a.example/list",
             {{.status = 200, .last_modified = "Sat, 21 Nov 2026 08:00:00 GMT"}, kDayTwo});
    http.add("https://a.example/list",
             {{.status = 200, .last_modified = "Fri, 01 Jan 2100 08:00:00 GMT"}, kDayOne});
    one.guards.max_shrink = 1;
    one.guards.detect_cut = false;
    one.accept_older = 0s;
    CHECK(run_one(one).published == "2026-11-22T08:00:00Z");
    CHECK(run_one(one).published == "2026-11-23T12:00:00Z");
    time += 1h;
    CHECK(run_one(one).published == "2026-11-23T13:00:00Z");
}

TEST_CASE_METHOD(JobFixture, "an older list waits until it is believed", "[job][contract]") {
    SourceConfig one = source("a");
    one.cadence.every = 0s;
    http.add("https://a.example/list",
             {{.status = 200, .last_modified = "Sun, 22 Nov 2026 08:00:00 GMT"}, kDayOne});
    http.add("https://a.example/list",
             {{.status = 200, .last_modified = "Sat, 21 Nov 2026 08:00:00 GMT"}, kDayTwo});
    run_one(one);
    const SourceReport kept = run_one(one);
    CHECK(kept.status == SourceStatus::unchanged);
    CHECK(kept.notices.size() == 1);
    CHECK(served().size() == 3);
    time += 24h;
    const SourceReport believed = run_one(one);
    CHECK(believed.status == SourceStatus::updated);
    CHECK(believed.published == format_time(time));
    CHECK(load_state(*store, "a").older_runs == 0);
}

TEST_CASE_METHOD(JobFixture,
                 "many sources at once end as if one after the other",
                 "[job][contract]") {
    options.jobs = 8;
    std::vector<SourceConfig> sources;
    for (int i = 0; i < 20; ++i) {
        sources.push_back(source("s" + std::to_string(i)));
    }
    // FakeHttp is not made for threads.
    struct Guarded final : HttpClient {
        HttpResponse get(const HttpRequest&,
                         ByteSink& body,
                         const std::function<void(const HttpResponse&)>& answered) override {
            const std::lock_guard lock(mutex);
            answered({.status = 200});
            body.write(kDayTwo);
            return {.status = 200};
        }
        std::mutex mutex{};
    } guarded;
    Environment other{.http = guarded,
                      .store = *store,
                      .state_dir = directory.path(),
                      .now = environment.now,
                      .sleep = environment.sleep,
                      .dice = environment.dice,
                      .progress = environment.progress};
    std::vector<const SourceConfig*> selected;
    for (const SourceConfig& one : sources) {
        selected.push_back(&one);
    }
    options.run_id = "together";
    const RunReport report = run_job({.state_dir = directory.path()}, selected, options, other);
    CHECK(exit_code(report) == ExitCode::ok);
    CHECK(served().size() == 80);
    CHECK(rows("run_source") == 20);
}
