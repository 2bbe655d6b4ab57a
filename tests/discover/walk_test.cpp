// dated and numbered, against a publisher who answers from a table.
#include "discover/discovery.hpp"
#include "support/catch.hpp"
#include "support/fake_http.hpp"
#include "support/fetch_fixture.hpp"
#include "util/error.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <string>
#include <vector>

using namespace isinfetch;

namespace {

/// A publisher who has nothing at an address unless it was put there.
class Publisher final : public HttpClient {
public:
    HttpResponse get(const HttpRequest& request,
                     ByteSink& body,
                     const std::function<void(const HttpResponse&)>& answered) override {
        asked.push_back(request.url.substr(request.url.rfind('/') + 1));
        wanted.push_back(request.wanted);
        try {
            HttpResponse response = known.get(request, body, answered);
            if (response.content_type.empty()) {
                response.content_type = "application/gzip";
            }
            return response;
        } catch (const Error&) {
            return {.status = 404};
        }
    }

    test::FakeHttp known{};
    std::vector<std::string> asked{};
    std::vector<Wanted> wanted{};
};

struct WalkFixture : test::FetchFixture {
    Publisher http;
    FindOptions find{};
    std::string known_url{};
    Zone zone{};

    /// On Monday, 23 November 2026, 00:00 UTC.
    std::vector<RemoteFile> discover(const std::string& method, const std::string& url) {
        return find_discovery(method)->discover({.source = "shares",
                                                 .url = url,
                                                 .known_url = known_url,
                                                 .zone = zone,
                                                 .find = find,
                                                 .options = options},
                                                environment(http),
                                                trace);
    }

    RemoteFile one(const std::string& method, const std::string& url) {
        const auto files = discover(method, url);
        REQUIRE(files.size() == 1);
        return files.front();
    }

    Error failure(const std::string& method, const std::string& url) {
        try {
            discover(method, url);
        } catch (const Error& error) {
            return error;
        }
        FAIL("succeeded");
        throw std::logic_error("not reached");
    }

    std::string asked() const { return join(http.asked, " "); }
};

const std::string kDated = "https://a.org/ea_{%y%m%d}.gz";
const std::string kNumbered = "https://a.org/list%20{n}.xlsx";

}  // namespace

TEST_CASE_METHOD(WalkFixture, "a dated list is walked back to", "[discover][dated]") {
    http.known.add("https://a.org/ea_261120.gz", 200);
    const RemoteFile file = one("dated", kDated);
    CHECK(file.url == "https://a.org/ea_261120.gz");
    CHECK(file.name == "ea_261120.gz");
    CHECK(file.published == "2026-11-20T00:00:00Z");
    CHECK(asked() == "ea_261123.gz ea_261122.gz ea_261121.gz ea_261120.gz");
    CHECK(std::ranges::all_of(http.wanted, [](Wanted each) { return each == Wanted::nothing; }));
    CHECK(naps.empty());
}

TEST_CASE_METHOD(WalkFixture, "today is a day of the publisher's", "[discover][dated]") {
    struct Case {
        const char* zone;
        const char* first;
    };
    const auto row = GENERATE(values<Case>({{"America/New_York", "ea_261122.gz"},
                                            {"Europe/Paris", "ea_261123.gz"},
                                            {"UTC", "ea_261123.gz"}}));
    zone = Zone::parse(row.zone);
    find.days_back = 0;
    CHECK(failure("dated", kDated).kind() == ErrorKind::gone);
    CHECK(asked() == row.first);
}

TEST_CASE_METHOD(WalkFixture, "no day at all is an error", "[discover][dated]") {
    find.days_back = 2;
    const Error error = failure("dated", kDated);
    CHECK(error.kind() == ErrorKind::gone);
    CHECK(error.what() == kDated +
                              ": no file of 2026-11-23 or the 2 days before (404 for each of 3 "
                              "URLs)");
}

TEST_CASE_METHOD(WalkFixture, "only a file that is not there is walked over", "[discover][dated]") {
    struct Case {
        int status;
        ErrorKind kind;
    };
    const auto row = GENERATE(values<Case>(
        {{403, ErrorKind::permission}, {400, ErrorKind::protocol}, {500, ErrorKind::temporary}}));
    http.known.add("https://a.org/ea_261123.gz", row.status);
    http.known.add("https://a.org/ea_261122.gz", 200);
    CHECK(failure("dated", kDated).kind() == row.kind);
    CHECK(std::ranges::count(http.asked, "ea_261122.gz") == 0);
}

TEST_CASE_METHOD(WalkFixture, "a publisher may say otherwise that there is nothing", "[discover]") {
    const int status = GENERATE(403, 500, 400);
    find.missing = {403, 500, 400};
    options.retry.attempts = 1;
    http.known.add("https://a.org/ea_261123.gz", status);
    http.known.add("https://a.org/ea_261122.gz", 200);
    CHECK(one("dated", kDated).name == "ea_261122.gz");
    CHECK(!trace.cooldown_until);
}

TEST_CASE_METHOD(WalkFixture, "a web page in place of a list is no list", "[discover][soft404]") {
    struct Case {
        const char* type;
        const char* body;
        bool is_there;
    };
    const auto row = GENERATE(
        values<Case>({{"text/html; charset=utf-8", "<!DOCTYPE html><title>Sorry</title>", false},
                      {"application/xhtml+xml", "<html><title>Sorry</title>", false},
                      {"text/html", "ISIN;Name\n", true},
                      {"text/csv", "<!DOCTYPE html><title>Sorry</title>", true}}));
    CAPTURE(row.type, row.body);
    http.known.add("https://a.org/ea_261123.gz",
                   {.response = {.status = 200, .content_type = row.type}, .body = row.body});
    http.known.add("https://a.org/ea_261122.gz", 200);
    CHECK(one("dated", kDated).name == (row.is_there ? "ea_261123.gz" : "ea_261122.gz"));
}

TEST_CASE_METHOD(WalkFixture, "nothing but web pages is no 404", "[discover][soft404]") {
    const std::string method = GENERATE("dated", "numbered");
    const std::string name = method == "dated" ? "ea_261123.gz" : "list%201.xlsx";
    http.known.add("https://a.org/" + name,
                   {.response = {.status = 200, .content_type = "text/html"}, .body = "<html>"});
    const Error error = failure(method, method == "dated" ? kDated : kNumbered);
    CHECK(error.kind() == ErrorKind::protocol);
    CHECK_THAT(error.what(), ContainsSubstring("HTML where a list was expected"));
}

TEST_CASE_METHOD(WalkFixture, "numbers end where web pages begin", "[discover][soft404]") {
    http.known.add("https://a.org/list%201.xlsx", 200);
    for (int number = 2; number < 100; ++number) {
        http.known.add("https://a.org/list%20" + std::to_string(number) + ".xlsx",
                       {.response = {.status = 200, .content_type = "text/html"},
                        .body = "<html><title>Page not found</title>"});
    }
    CHECK(one("numbered", kNumbered).name == "list 1.xlsx");
    CHECK(http.asked.size() == 1 + 2 * 4);
}

TEST_CASE_METHOD(WalkFixture, "no more than find.limit requests are made", "[discover][soft404]") {
    const std::string method = GENERATE("dated", "numbered");
    find.limit = 5;
    find.gap = 100;
    find.days_back = 100;
    for (int n = 1; n < 30; ++n) {
        http.known.add(
            "https://a.org/list%20" + std::to_string(n) + ".xlsx",
            {.response = {.status = 200, .content_type = "text/html"}, .body = "<html>"});
    }
    const Error error = failure(method, method == "dated" ? kDated : kNumbered);
    CHECK(error.kind() == ErrorKind::protocol);
    CHECK_THAT(error.what(), ContainsSubstring("find.limit"));
    CHECK(http.asked.size() == 5);
}

TEST_CASE_METHOD(WalkFixture,
                 "a secret in a URL does not hide the number",
                 "[discover][numbered]") {
    find.first = 79;
    known_url = "https://a.org/list%2082.xlsx?apikey=***";
    http.known.add("https://a.org/list%2082.xlsx?apikey=hunter2", 200);
    CHECK(one("numbered", kNumbered + "?apikey=hunter2").url ==
          "https://a.org/list%2082.xlsx?apikey=hunter2");
    CHECK(http.asked.front() == "list%2082.xlsx?apikey=hunter2");
}

TEST_CASE_METHOD(WalkFixture, "410 is as good as 404", "[discover][dated]") {
    http.known.add("https://a.org/ea_261123.gz", 410);
    http.known.add("https://a.org/ea_261122.gz", 200);
    CHECK(one("dated", kDated).name == "ea_261122.gz");
}

TEST_CASE_METHOD(WalkFixture, "a quarter tells no day of publication", "[discover][dated]") {
    find.days_back = 100;
    http.known.add("https://a.org/13flist2026q3.txt", 200);
    const RemoteFile file = one("dated", "https://a.org/13flist{%Yq%q}.txt");
    CHECK(file.name == "13flist2026q3.txt");
    CHECK(file.published.empty());
    CHECK(asked() == "13flist2026q4.txt 13flist2026q3.txt");
}

TEST_CASE_METHOD(WalkFixture, "where HEAD is refused, a byte is asked for", "[discover][dated]") {
    const int status = GENERATE(403, 405, 501);
    http.known.add("https://a.org/ea_261123.gz", status);
    http.known.add("https://a.org/ea_261123.gz", 206);
    CHECK(one("dated", kDated).name == "ea_261123.gz");
    CHECK(http.wanted == std::vector<Wanted>{Wanted::nothing, Wanted::first_byte});
    CHECK_FALSE(trace.cooldown_until);
}

TEST_CASE_METHOD(WalkFixture, "a redirect to another host ends the walk", "[discover][dated]") {
    http.known.add("https://a.org/ea_261123.gz",
                   {.response = {.status = 302, .location = "https://b.org/sorry"}});
    const Error error = failure("dated", kDated);
    CHECK(error.kind() == ErrorKind::protocol);
    CHECK_THAT(error.what(), ContainsSubstring("host 'b.org' is not allowed"));
}

TEST_CASE_METHOD(WalkFixture, "the highest number is found", "[discover][numbered]") {
    for (const char* number : {"79", "80", "82"}) {
        http.known.add("https://a.org/list%20" + std::string(number) + ".xlsx", 200);
    }
    find.first = 79;
    const RemoteFile file = one("numbered", kNumbered);
    CHECK(file.url == "https://a.org/list%2082.xlsx");
    CHECK(file.name == "list 82.xlsx");
    CHECK(file.published.empty());
    CHECK(http.asked.size() == 8);
}

TEST_CASE_METHOD(WalkFixture, "the walk begins where it last ended", "[discover][numbered]") {
    struct Case {
        const char* known;
        const char* first;
    };
    const auto row = GENERATE(values<Case>({{"https://a.org/list%2082.xlsx", "list%2082.xlsx"},
                                            {"https://a.org/list%2012.xlsx", "list%2079.xlsx"},
                                            {"https://b.org/list%2082.xlsx", "list%2079.xlsx"},
                                            {"", "list%2079.xlsx"}}));
    find.first = 79;
    known_url = row.known;
    http.known.add("https://a.org/list%2082.xlsx", 200);
    CHECK(one("numbered", kNumbered).url == "https://a.org/list%2082.xlsx");
    CHECK(http.asked.front() == row.first);
}

TEST_CASE_METHOD(WalkFixture, "a gap that is too wide is the end", "[discover][numbered]") {
    find.first = 79;
    find.gap = 1;
    http.known.add("https://a.org/list%2082.xlsx", 200);
    const Error error = failure("numbered", kNumbered);
    CHECK(error.kind() == ErrorKind::gone);
    CHECK(error.what() == kNumbered + ": none of the numbers 79 to 80 is there");
}

TEST_CASE_METHOD(WalkFixture, "numbers without end are not followed", "[discover][numbered]") {
    find.limit = 3;
    for (const char* number : {"1", "2", "3", "4"}) {
        http.known.add("https://a.org/list%20" + std::string(number) + ".xlsx", 200);
    }
    const Error error = failure("numbered", kNumbered);
    CHECK(error.kind() == ErrorKind::protocol);
    CHECK_THAT(error.what(), ContainsSubstring("3 numbers from 1 on were tried"));
    CHECK(http.asked.size() == 3);
}

TEST_CASE_METHOD(WalkFixture,
                 "what fails is not taken for a missing number",
                 "[discover][numbered]") {
    http.known.add("https://a.org/list%201.xlsx", 200);
    http.known.add("https://a.org/list%202.xlsx", 401);
    CHECK(failure("numbered", kNumbered).kind() == ErrorKind::permission);
}

TEST_CASE_METHOD(WalkFixture,
                 "a URL without its place is the list",
                 "[discover][dated][numbered]") {
    const std::string method = GENERATE("dated", "numbered");
    const RemoteFile file = one(method, "https://a.org/list.csv");
    CHECK(file.url == "https://a.org/list.csv");
    CHECK(file.name == "list.csv");
    CHECK(http.asked.empty());
}

TEST_CASE_METHOD(WalkFixture, "a place that is none is a mistake", "[discover][dated][numbered]") {
    const std::string method = GENERATE("dated", "numbered");
    const Error error = failure(method, "https://a.org/{%H}");
    CHECK(error.kind() == ErrorKind::config);
    CHECK_THAT(error.what(), StartsWith("'{%H}'"));
    CHECK(http.asked.empty());
}
