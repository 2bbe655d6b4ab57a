// Lists whose file is found first, that come in pages, or that another run publishes meanwhile.
#include "job/list_run.hpp"

#include "job/job.hpp"
#include "store/query.hpp"
#include "store/state.hpp"
#include "support/catch.hpp"
#include "support/fake_http.hpp"
#include "support/test_store.hpp"

#include <optional>

using namespace isinfetch;
using namespace std::chrono_literals;

namespace {

using Texts = std::vector<std::string>;

constexpr const char* kPage = "https://list.example/page";
constexpr const char* kList = "https://list.example/all.txt";

struct ListFixture {
    test::TempDir directory{};
    std::optional<test::FakeHttp> http{std::in_place};
    test::TestStore place{directory};
    std::unique_ptr<Connection> store = open_store({.location = place.location()});
    Timestamp time = *parse_time("2026-11-23T12:00:00Z");
    RunOptions options{.force = true, .lock_wait = 0s, .jobs = 1};
    std::function<void(const std::string&)> at_stage = [](const std::string&) {};
    SourceConfig source{.name = "list",
                        .url = kPage,
                        .discovery = find_discovery("link-page"),
                        .format = find_format("lines"),
                        .find = {.link = "*/all*.txt"},
                        .mapping = "lines"};
    int runs = 0;

    SourceReport run() {
        Environment environment{
            .http = *http,
            .store = *store,
            .state_dir = directory.path(),
            .now = [this] { return time; },
            .sleep = [](std::chrono::milliseconds) {},
            .dice = [] { return 0.0; },
            .progress = [this](const std::string&, const std::string& stage) { at_stage(stage); }};
        options.run_id = "run-" + std::to_string(++runs);
        const Config config{.state_dir = directory.path()};
        return run_job(config, {&source}, options, environment).sources.front();
    }

    /// What the publisher answers from now on.
    void serve(int page_status, const std::string& page, const std::string& list) {
        http.emplace();
        http->add(kPage, page_status, page);
        http->add(kList, 200, list);
    }

    Texts served() {
        Texts isins;
        for_each_listing(*store, {}, [&](const StoredListing& stored) {
            isins.push_back(stored.listing.isin());
        });
        return isins;
    }
};

const std::string kLink = "<!DOCTYPE html><a href=\"/all.txt\">all</a>";
const std::string kOne = "US0378331005\n";
const std::string kTwo = "US0378331005\nGB0002634946\n";

}  // namespace

TEST_CASE_METHOD(ListFixture, "the last address helps where looking does not", "[job][contract]") {
    struct Case {
        const char* why;
        int status;
        std::string page;
        bool falls_back;
    };
    const auto row = GENERATE(values<Case>({
        {"the page is gone", 404, "", true},
        {"it has no such link", 200, "<!DOCTYPE html><a href=\"/other.txt\">x</a>", true},
        {"what nobody understands", 400, "", true},
        {"it will be back", 503, "", false},
        {"shut out", 403, "", false},
    }));
    CAPTURE(row.why);
    serve(200, kLink, kOne);
    CHECK(run().status == SourceStatus::updated);
    const auto before = load_state(*store, "list");
    serve(row.status, row.page, kTwo);
    time += 24h;
    const SourceReport report = run();
    REQUIRE(report.error);
    CHECK(report.fallback == row.falls_back);
    CHECK(report.status == (row.falls_back ? SourceStatus::updated : SourceStatus::failed));
    CHECK(served().size() == (row.falls_back ? 2 : 1));
    // The publisher has to be looked at all the same.
    const auto after = load_state(*store, "list");
    CHECK(after.failures == 1);
    CHECK(after.last_success == before.last_success);
    CHECK(report.remarks.warnings.size() == (row.falls_back ? 1 : 0));
}

TEST_CASE_METHOD(ListFixture, "the last address must be one that may be asked", "[job][contract]") {
    serve(200, kLink, kOne);
    run();
    serve(404, "", kTwo);
    SECTION("the source leads elsewhere now") {
        source.url = "https://other.example/page";
        http->add(source.url, 404);
    }
    SECTION("a secret of it was not kept") {
        store->script("UPDATE source SET url = 'https://list.example/all.txt?key=***'");
        http->add("https://list.example/all.txt?key=***", 200, kTwo);
    }
    SECTION("there is none") {
        store->script("UPDATE source SET url = NULL");
    }
    SECTION("the method does not need it") {
        source.discovery = find_discovery("direct");
    }
    const SourceReport report = run();
    CHECK(report.status == SourceStatus::failed);
    CHECK_FALSE(report.fallback);
    CHECK(served().size() == 1);
}

TEST_CASE_METHOD(ListFixture, "where the last address fails, too, both are said", "[job]") {
    serve(200, kLink, kOne);
    run();
    http.emplace();
    http->add(kPage, 404);
    http->add(kList, 410);
    const SourceReport report = run();
    REQUIRE(report.error);
    CHECK(report.error->kind() == ErrorKind::gone);
    CHECK_THAT(report.error->what(),
               ContainsSubstring("/page: HTTP 404") && ContainsSubstring("/all.txt: HTTP 410"));
}

TEST_CASE_METHOD(ListFixture, "a page that is cut spoils the list", "[job][contract]") {
    const int cut = GENERATE(0, 1, 2);
    CAPTURE(cut);
    const std::string header = "ISIN,Name,Lot\n";
    source.discovery = find_discovery("paged");
    source.url = "https://list.example/list?page={page}";
    source.format = find_format("csv");
    source.parse.columns = {{"isin", {"ISIN"}}, {"name", {"Name"}}, {"lot", {"Lot"}}};
    const auto page = [&](int number, const std::string& isin) {
        const std::string row = number == cut ? isin + ",x" : isin + ",x,1\n";
        http->add("https://list.example/list?page=" + std::to_string(number),
                  200,
                  header + "AU0000XVGZA3,y,1\n" + row);
    };
    page(1, "US0378331005");
    page(2, "GB0002634946");
    http->add("https://list.example/list?page=3", 200, header);
    const SourceReport report = run();
    if (cut == 0) {
        CHECK(report.status == SourceStatus::updated);
        CHECK(report.counts.duplicates == 1);
        CHECK(served() == Texts{"AU0000XVGZA3", "GB0002634946", "US0378331005"});
        return;
    }
    CHECK(report.status == SourceStatus::refused);
    REQUIRE(report.error);
    CHECK_THAT(report.error->what(), ContainsSubstring("the file looks cut"));
    CHECK(served().empty());
}

TEST_CASE_METHOD(ListFixture, "a dry run, too, notices who published meanwhile", "[job]") {
    serve(200, kLink, kOne);
    run();
    serve(200, kLink, kTwo);
    options.dry_run = true;
    CHECK(run().status == SourceStatus::updated);
    at_stage = [&](const std::string& stage) {
        if (stage == "merge") {
            store->script("UPDATE source SET head = NULL");  // as a rollback of all leaves it
        }
    };
    const SourceReport report = run();
    REQUIRE(report.error);
    CHECK(report.error->kind() == ErrorKind::busy);
}

TEST_CASE_METHOD(ListFixture, "only one of two runs publishes", "[job][contract]") {
    serve(200, kLink, kOne);
    run();
    serve(200, kLink, kTwo);
    at_stage = [&](const std::string& stage) {
        if (stage == "merge") {
            store->script("UPDATE source SET fence = fence + 1");
        }
    };
    const SourceReport report = run();
    REQUIRE(report.error);
    CHECK(report.error->kind() == ErrorKind::busy);
    CHECK(served() == Texts{"US0378331005"});
}

// A host whose lease was taken over reads on until its connection is ended, or until it commits.
TEST_CASE_METHOD(ListFixture, "what another run ended under a merge is no damage", "[job]") {
    serve(200, kLink, kTwo);
    run();
    serve(200, kLink, kOne);
    const bool is_outrun = GENERATE(true, false);
    store->script(
        fmt::format("CREATE TEMP TRIGGER meanwhile BEFORE UPDATE ON listing BEGIN"
                    " {}; SELECT RAISE(IGNORE); END",
                    is_outrun ? "UPDATE source SET head = NULL" : "SELECT 1"));
    const SourceReport report = run();
    REQUIRE(report.error);
    CHECK(report.error->kind() == (is_outrun ? ErrorKind::busy : ErrorKind::io));
    CHECK_THAT(report.error->what(),
               ContainsSubstring(is_outrun ? "another run published meanwhile"
                                           : "table listing: 1 of 1 versions of source 1"));
    CHECK(served() == Texts{"GB0002634946", "US0378331005"});
}

TEST_CASE_METHOD(ListFixture, "a refusal names the first row that was rejected", "[job]") {
    serve(200, kLink, "US0378331005\nUS0378331006\nnothing\n");
    const SourceReport report = run();
    CHECK(report.status == SourceStatus::refused);
    REQUIRE(report.error);
    CHECK_THAT(
        report.error->what(),
        ContainsSubstring("the first one rejected: line 2, byte 13: 'US0378331006': wrong") &&
            ContainsSubstring("(--accept-shrink list publishes it once)"));
}
