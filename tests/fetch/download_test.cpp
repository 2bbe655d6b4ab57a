#include "fetch/download.hpp"

#include "support/catch.hpp"
#include "support/fake_http.hpp"
#include "support/fetch_fixture.hpp"
#include "util/digest.hpp"
#include "util/error.hpp"
#include "util/file.hpp"

using namespace isinfetch;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

const std::string kUrl = "https://a.org/list.csv";
const std::string kList = "ISIN\nUS0378331005\n";
const std::string kPage = "<!DOCTYPE html><title>Just a moment...</title>";

const Error kCut(ErrorKind::temporary, kUrl + ": connection reset");

std::string sha256(const std::string& text) {
    return hex_digest(Digest::Algorithm::sha256, text);
}

std::string md5(const std::string& text) {
    return hex_digest(Digest::Algorithm::md5, text);
}

/// download() with a fake network.
struct DownloadFixture : test::FetchFixture {
    test::FakeHttp http;

    Download get(const std::string& checksum = {}) {
        return fetch(http, {.name = "list.csv", .url = kUrl, .checksum = checksum});
    }

    /// The Error of a download that must not succeed.
    Error failure(const std::string& checksum = {}) {
        try {
            get(checksum);
        } catch (const Error& error) {
            return error;
        }
        FAIL("succeeded");
        throw std::logic_error("not reached");
    }

    void add(HttpResponse response, std::string body = {}, std::optional<Error> error = {}) {
        http.add(kUrl, {std::move(response), std::move(body), std::move(error)});
    }

    std::filesystem::path partial() const { return archive.partial("test", kUrl); }
    bool has_partial() const { return std::filesystem::exists(partial()); }
    const HttpRequest& request(std::size_t number) const { return http.requests.at(number); }
};

}  // namespace

TEST_CASE_METHOD(DownloadFixture, "a file goes into the archive under its digest", "[download]") {
    add({.status = 200, .etag = "\"1\"", .last_modified = "Mon, 23 Nov 2026 05:17:02 GMT"}, kList);
    const Download result = get();
    CHECK(!result.unchanged);
    CHECK(result.sha256 == sha256(kList));
    CHECK(result.path == archive.path(result.sha256));
    CHECK(read_file(result.path) == kList);
    CHECK(result.bytes == kList.size());
    CHECK(result.etag == "\"1\"");
    CHECK(result.last_modified == "Mon, 23 Nov 2026 05:17:02 GMT");
    CHECK(trace.attempts == 1);
    CHECK(trace.http_status == 200);
    CHECK(!trace.cooldown_until);
    CHECK(std::filesystem::is_empty(partial().parent_path()));
}

TEST_CASE_METHOD(DownloadFixture, "a source may speak to caches itself", "[download]") {
    struct Case {
        Headers headers;
        bool revalidate;
    };
    const auto row = GENERATE(values<Case>({{{}, true},
                                            {{{"X-Key", "no-cache"}}, true},
                                            {{{"cache-Control", "no-store"}}, false},
                                            {{{"Pragma", "no-cache"}}, false}}));
    options.headers = row.headers;
    add({.status = 200}, kList);
    get();
    CHECK(request(0).revalidate == row.revalidate);
}

TEST_CASE_METHOD(DownloadFixture, "what came packed unasked is not kept", "[download]") {
    add({.status = 200, .etag = "\"1\"", .content_coding = "br"}, "packed");
    const Error error = failure();
    CHECK(error.kind() == ErrorKind::protocol);
    CHECK_THAT(error.what(), ContainsSubstring("'br'"));
    CHECK(!has_partial());
    CHECK(naps.empty());
}

TEST_CASE_METHOD(DownloadFixture, "the options of the source go into the request", "[download]") {
    options.headers = {{"X-Key", "secret"}};
    options.user_agent = "isinfetch";
    options.proxy = "http://proxy";
    options.ca_file = "/ca.pem";
    options.connect_timeout = seconds{3};
    options.stall_timeout = seconds{4};
    validators = {"\"1\"", "a date"};
    http.add(kUrl, 200, kList);
    get();
    CHECK(request(0).headers == options.headers);
    CHECK(request(0).user_agent == "isinfetch");
    CHECK(request(0).proxy == "http://proxy");
    CHECK(request(0).ca_file == "/ca.pem");
    CHECK(request(0).connect_timeout == seconds{3});
    CHECK(request(0).stall_timeout == seconds{4});
    CHECK(request(0).etag == "\"1\"");
    CHECK(request(0).last_modified == "a date");
    CHECK(request(0).resume_from == 0);
}

TEST_CASE_METHOD(DownloadFixture, "304 means unchanged", "[download]") {
    validators.etag = "\"1\"";
    http.add(kUrl, 304);
    CHECK(get().unchanged);
    CHECK(trace.http_status == 304);
}

TEST_CASE_METHOD(DownloadFixture, "304 is no answer to an unconditional request", "[download]") {
    http.add(kUrl, 304);
    CHECK(failure().kind() == ErrorKind::protocol);
}

TEST_CASE_METHOD(DownloadFixture, "an empty file is no list", "[download]") {
    http.add(kUrl, 200);
    const Error error = failure();
    CHECK(error.kind() == ErrorKind::data);
    CHECK(error.what() == kUrl + ": empty");
    CHECK(!has_partial());
    CHECK(trace.attempts == 1);
}

TEST_CASE_METHOD(DownloadFixture, "a web page is no list and not asked for again", "[download]") {
    add({.status = 200, .etag = "\"1\""}, kPage);
    const Error error = failure();
    CHECK(error.kind() == ErrorKind::protocol);
    CHECK(error.what() == kUrl + ": HTML where a list was expected (title 'Just a moment...')");
    CHECK(!has_partial());
    CHECK(trace.attempts == 1);
}

TEST_CASE_METHOD(DownloadFixture, "a web page is a list where that was configured", "[download]") {
    options.accept_html = true;
    http.add(kUrl, 200, kPage);
    CHECK(get().sha256 == sha256(kPage));
}

TEST_CASE_METHOD(DownloadFixture, "a file over max_bytes is refused", "[download]") {
    options.max_bytes = 10;
    add({.status = 200, .etag = "\"1\""}, kList);
    const Error error = failure();
    CHECK(error.kind() == ErrorKind::data);
    CHECK_THAT(error.what(), ContainsSubstring("raise max_bytes"));
    CHECK(!has_partial());
}

TEST_CASE_METHOD(DownloadFixture, "what fails for a moment is tried again", "[download]") {
    http.add(kUrl, 503);
    add({}, {}, kCut);
    http.add(kUrl, 200, kList);
    CHECK(get().sha256 == sha256(kList));
    CHECK(naps == std::vector{milliseconds{1000}, milliseconds{2000}});
    CHECK(trace.attempts == 3);
    CHECK(trace.http_status == 200);
    CHECK(!trace.cooldown_until);
}

TEST_CASE_METHOD(DownloadFixture, "in the end the last answer counts", "[download]") {
    http.add(kUrl, 503);
    const Error error = failure();
    CHECK(error.kind() == ErrorKind::temporary);
    CHECK(error.what() == kUrl + ": HTTP 503 Service Unavailable, 5 attempts");
    CHECK(trace.attempts == 5);
    CHECK(trace.http_status == 503);
    CHECK(naps.size() == 4);
    CHECK(!trace.cooldown_until);
}

TEST_CASE_METHOD(DownloadFixture, "in the end the last error counts", "[download]") {
    http.add(kUrl, 503);
    add({}, {}, kCut);
    const Error error = failure();
    CHECK(error.kind() == ErrorKind::temporary);
    CHECK(error.what() == kUrl + ": connection reset, 5 attempts");
}

TEST_CASE_METHOD(DownloadFixture, "what never heals is not tried again", "[download]") {
    http.add(kUrl, 404);
    const Error error = failure();
    CHECK(error.kind() == ErrorKind::gone);
    CHECK(error.what() == kUrl + ": HTTP 404 Not Found");
    CHECK(trace.attempts == 1);
    CHECK(naps.empty());
}

TEST_CASE_METHOD(DownloadFixture, "a permanent transport error is not tried again", "[download]") {
    add({}, {}, Error(ErrorKind::protocol, "certificate has expired"));
    CHECK(failure().kind() == ErrorKind::protocol);
    CHECK(naps.empty());
}

TEST_CASE_METHOD(DownloadFixture, "403 begins a cool-down of a day", "[download]") {
    http.add(kUrl, 403);
    const Error error = failure();
    CHECK(error.kind() == ErrorKind::permission);
    CHECK(error.what() ==
          kUrl + ": HTTP 403 Forbidden: not asked again before 2026-11-24T00:00:00Z");
    CHECK(trace.cooldown_until == start() + seconds{24 * 3600});
    CHECK(naps.empty());
}

TEST_CASE_METHOD(DownloadFixture, "a short Retry-After is waited for", "[download]") {
    add({.status = 429, .retry_after = seconds{120}});
    http.add(kUrl, 200, kList);
    get();
    CHECK(naps == std::vector{milliseconds{120'000}});
    CHECK(!trace.cooldown_until);
}

TEST_CASE_METHOD(DownloadFixture, "a long Retry-After becomes a cool-down at once", "[download]") {
    add({.status = 429, .retry_after = seconds{7200}});
    const Error error = failure();
    CHECK(error.kind() == ErrorKind::temporary);
    CHECK(error.what() ==
          kUrl + ": HTTP 429 Too Many Requests: not asked again before 2026-11-23T02:00:00Z");
    CHECK(trace.cooldown_until == start() + seconds{7200});
    CHECK(trace.attempts == 1);
    CHECK(naps.empty());
}

TEST_CASE_METHOD(DownloadFixture, "429 without Retry-After ends in a cool-down", "[download]") {
    options.retry.attempts = 2;
    http.add(kUrl, 429);
    failure();
    CHECK(trace.cooldown_until == start() + seconds{4 * 3600 + 1});
}

TEST_CASE_METHOD(DownloadFixture, "no attempt begins after the budget", "[download]") {
    options.retry.budget = seconds{4};
    http.add(kUrl, 500);
    CHECK(failure().kind() == ErrorKind::temporary);
    CHECK(naps == std::vector{milliseconds{1000}, milliseconds{2000}});
}

TEST_CASE_METHOD(DownloadFixture, "a wait that ends with the time is not begun", "[download]") {
    http.add(kUrl, 500);
    SECTION("with the budget") {
        options.retry.budget = seconds{3};
    }
    SECTION("with the deadline") {
        deadline = start() + seconds{3};
    }
    failure();
    CHECK(naps == std::vector{milliseconds{1000}});
    CHECK(http.requests.size() == 2);
}

TEST_CASE_METHOD(DownloadFixture, "a request ends with what ends first", "[download]") {
    http.add(kUrl, 503);
    http.add(kUrl, 200, kList);
    options.retry.budget = seconds{50};
    SECTION("its own time") {
        options.total_timeout = seconds{40};
        get();
        CHECK(request(0).timeout == seconds{40});
        CHECK(request(1).timeout == seconds{40});
        CHECK(request(1).timeout_name == "network.total_timeout is 40s");
    }
    SECTION("the budget of the file, of which the wait is part") {
        options.total_timeout = seconds{50};
        get();
        CHECK(request(0).timeout_name == "network.total_timeout is 50s");
        CHECK(request(1).timeout == seconds{49});
        CHECK(request(1).timeout_name == "network.retry.budget is 50s");
    }
    SECTION("the deadline of the run") {
        options.total_timeout = seconds{40};
        deadline = start() + seconds{30};
        get();
        CHECK(request(1).timeout == seconds{29});
        CHECK(request(1).timeout_name == "the deadline of the run");
    }
}

TEST_CASE_METHOD(DownloadFixture, "the budget is one for both chances of a digest", "[download]") {
    options.retry.budget = seconds{5};
    options.total_timeout = seconds{5};
    http.add(kUrl, 503);
    http.add(kUrl, 200, "not the list");
    http.add(kUrl, 200, "not the list");
    CHECK(failure("md5:" + std::string(32, '0')).kind() == ErrorKind::data);
    CHECK(request(2).timeout == seconds{4});
}

TEST_CASE_METHOD(DownloadFixture, "no attempt begins after the deadline", "[download]") {
    deadline = start() + seconds{2};
    http.add(kUrl, 500);
    CHECK(failure().kind() == ErrorKind::temporary);
    CHECK(naps == std::vector{milliseconds{1000}});
}

TEST_CASE_METHOD(DownloadFixture, "nothing is asked once the deadline has passed", "[download]") {
    deadline = start();
    const Error error = failure();
    CHECK(error.kind() == ErrorKind::temporary);
    CHECK_THAT(error.what(), ContainsSubstring("deadline"));
    CHECK(http.requests.empty());
}

TEST_CASE_METHOD(DownloadFixture, "a request never outlasts the deadline", "[download]") {
    deadline = start() + seconds{90};
    http.add(kUrl, 200, kList);
    get();
    CHECK(request(0).timeout == seconds{90});
}

TEST_CASE_METHOD(DownloadFixture, "an interrupted wait ends the download", "[download]") {
    http.add(kUrl, 503);
    FetchEnvironment outside = environment(http);
    outside.sleep = [](milliseconds) { fail(ErrorKind::interrupted, "interrupted by SIGTERM"); };
    try {
        download({.url = kUrl}, "test", options, {}, outside, trace);
        FAIL("succeeded");
    } catch (const Error& error) {
        CHECK(error.kind() == ErrorKind::interrupted);
    }
    CHECK(trace.attempts == 1);
}

TEST_CASE_METHOD(DownloadFixture, "the announced checksum is checked", "[download]") {
    const std::string checksum =
        GENERATE("sha256:" + sha256(kList), "md5:" + md5(kList), "MD5:" + md5(kList));
    CAPTURE(checksum);
    http.add(kUrl, 200, kList);
    CHECK(get(checksum).sha256 == sha256(kList));
}

TEST_CASE_METHOD(DownloadFixture, "a wrong checksum gets one more try", "[download]") {
    add({.status = 200, .etag = "\"1\""}, "half a list");
    http.add(kUrl, 200, kList);
    CHECK(get("md5:" + md5(kList)).sha256 == sha256(kList));
    CHECK(trace.attempts == 2);
    CHECK(request(1).resume_from == 0);
    CHECK(naps.empty());
}

TEST_CASE_METHOD(DownloadFixture, "twice a wrong checksum is an error", "[download]") {
    add({.status = 200, .etag = "\"1\""}, "other");
    const Error error = failure("md5:" + md5(kList));
    CHECK(error.kind() == ErrorKind::data);
    CHECK(error.what() ==
          kUrl + ": checksum is md5:" + md5("other") + ", not md5:" + md5(kList) + " as announced");
    CHECK(trace.attempts == 2);
    CHECK(!has_partial());
    CHECK(!archive.find(sha256("other")));
}

TEST_CASE_METHOD(DownloadFixture, "a checksum of another kind is a mistake", "[download]") {
    CHECK(failure("sha1:00").kind() == ErrorKind::config);
    CHECK(http.requests.empty());
}

TEST_CASE_METHOD(DownloadFixture, "a URL that may not be asked is not", "[download]") {
    try {
        fetch(http, {.url = "http://a.org/list.csv"});
        FAIL("asked");
    } catch (const Error& error) {
        CHECK(error.kind() == ErrorKind::config);
    }
    CHECK(http.requests.empty());
}

TEST_CASE_METHOD(DownloadFixture, "no secret of the URL is in a message", "[download]") {
    const std::string url = "https://me:hunter2@a.org/x?token=hunter2";
    const int status = GENERATE(404, 403, 503, 200);
    const std::string body = GENERATE("", "<html>", "a,b");
    http.add(url, status, body);
    options.max_bytes = 1;
    try {
        fetch(http, {.url = url});
        CHECK(status == 200);
    } catch (const Error& error) {
        CHECK_THAT(error.what(), !ContainsSubstring("hunter2"));
    }
}

TEST_CASE_METHOD(DownloadFixture, "a redirect is followed, but not by credentials", "[download]") {
    options.headers = {{"Authorization", "secret"}};
    options.redirect_hosts = {"cdn.example.net"};
    add({.status = 302, .location = "https://a.org/today.csv"});
    http.add("https://a.org/today.csv",
             {.response = {.status = 307, .location = "https://cdn.example.net/today.csv"}});
    http.add("https://cdn.example.net/today.csv", 200, kList);
    CHECK(get().sha256 == sha256(kList));
    CHECK(trace.attempts == 3);
    CHECK(request(1).headers == options.headers);
    CHECK(request(2).headers.empty());
}

TEST_CASE_METHOD(DownloadFixture, "only statuses that redirect are followed", "[download]") {
    struct Case {
        int status;
        bool is_followed;
    };
    const auto row = GENERATE(values<Case>({{300, false},
                                            {301, true},
                                            {302, true},
                                            {303, true},
                                            {304, false},
                                            {305, false},
                                            {306, false},
                                            {307, true},
                                            {308, true},
                                            {309, false}}));
    CAPTURE(row.status);
    add({.status = row.status, .location = "https://a.org/today.csv"});
    http.add("https://a.org/today.csv", 200, kList);
    if (row.is_followed) {
        CHECK(get().sha256 == sha256(kList));
    } else {
        CHECK(failure().kind() == ErrorKind::protocol);
    }
    CHECK(http.requests.size() == (row.is_followed ? 2 : 1));
}

TEST_CASE_METHOD(DownloadFixture, "a redirect elsewhere is refused", "[download]") {
    add({.status = 302, .location = "https://b.org/x"});
    const Error error = failure();
    CHECK(error.kind() == ErrorKind::protocol);
    CHECK_THAT(error.what(), ContainsSubstring("host 'b.org' is not allowed"));
    CHECK(http.requests.size() == 1);
    CHECK(trace.http_status == 302);
}

TEST_CASE_METHOD(DownloadFixture, "a redirect loop ends", "[download]") {
    add({.status = 302, .location = kUrl});
    CHECK(failure().kind() == ErrorKind::protocol);
    CHECK(http.requests.size() == 6);
}

TEST_CASE_METHOD(DownloadFixture, "a redirect without a location is no answer", "[download]") {
    http.add(kUrl, 302);
    CHECK(failure().kind() == ErrorKind::protocol);
}

TEST_CASE_METHOD(DownloadFixture,
                 "a list that is asked for by POST is asked for anew",
                 "[download]") {
    options.post = "market=ALL";
    validators = {.etag = "\"1\"", .last_modified = "yesterday"};
    add({.status = 200, .etag = "\"2\""}, "ISIN\n", kCut);
    add({.status = 200, .etag = "\"2\""}, kList);
    CHECK(get().sha256 == sha256(kList));
    REQUIRE(http.requests.size() == 2);
    for (const HttpRequest& each : http.requests) {
        CHECK(each.question == "market=ALL");
        CHECK(each.etag.empty());
        CHECK(each.last_modified.empty());
        CHECK(each.resume_from == 0);
    }
}
