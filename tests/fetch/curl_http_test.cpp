// CurlHttp alone and below download(), against a publisher with faults on the loopback interface.
#include "fetch/curl_http.hpp"

#include "fetch/download.hpp"
#include "support/catch.hpp"
#include "support/fault_server.hpp"
#include "support/fetch_fixture.hpp"
#include "util/digest.hpp"
#include "util/error.hpp"
#include "util/file.hpp"
#include "util/interrupt.hpp"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <thread>

using namespace isinfetch;
using namespace isinfetch::test;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

const std::string kDate = "Mon, 23 Nov 2026 05:17:02 GMT";

std::string long_list() {
    std::string list = "ISIN\n";
    for (int i = 0; i < 20'000; ++i) {
        list += "US0378331005\n";
    }
    return list;
}

/// Takes so many bytes, then its disk is full.
class FullDisk final : public ByteSink {
public:
    void write(std::string_view) override { fail(ErrorKind::io, "disk: full"); }
};

/// One request through libcurl, with impatient time-outs.
struct CurlFixture {
    FaultServer server;
    CurlHttp http;
    StringSink body;
    HttpRequest request{.connect_timeout = seconds{2}, .stall_timeout = seconds{1}};
    std::vector<HttpResponse> answers;

    CurlFixture() {
        ::setenv("no_proxy", "127.0.0.1", 1);
        request.addresses.allowed.networks = {Network::parse("127.0.0.0/8").value()};
    }

    HttpResponse get(const std::string& url) {
        request.url = url;
        return http.get(
            request, body, [this](const HttpResponse& answer) { answers.push_back(answer); });
    }

    Error failure(const std::string& url) {
        try {
            get(url);
        } catch (const Error& error) {
            return error;
        }
        FAIL("succeeded");
        throw std::logic_error("not reached");
    }

    std::string seen(const std::string& header, std::size_t number = 0) const {
        const auto request_seen = server.requests().at(number);
        const auto found = request_seen.headers.find(header);
        return found == request_seen.headers.end() ? "(none)" : found->second;
    }
};

/// download() over libcurl.
struct RealFixture : FetchFixture {
    FaultServer server;
    CurlHttp http;

    RealFixture() {
        ::setenv("no_proxy", "127.0.0.1", 1);
        options.stall_timeout = seconds{1};
        options.addresses.own_urls = {server.url("/")};
    }

    Download get(const std::string& path) { return fetch(http, {.url = server.url(path)}); }

    ErrorKind failure(const std::string& path) {
        try {
            get(path);
        } catch (const Error& error) {
            return error.kind();
        }
        return ErrorKind::internal;
    }
};

}  // namespace

TEST_CASE_METHOD(CurlFixture, "a page comes with what its header says", "[curl]") {
    server.add("/x",
               {.body = "list",
                .etag = "\"1\"",
                .last_modified = kDate,
                .headers = {{"Content-Type", "text/csv"}, {"Retry-After", "3"}}});
    const HttpResponse response = get(server.url("/x"));
    CHECK(response.status == 200);
    CHECK(response.etag == "\"1\"");
    CHECK(response.last_modified == kDate);
    CHECK(response.content_type == "text/csv");
    CHECK(response.retry_after == seconds{3});
    CHECK(response.location.empty());
    CHECK(body.text() == "list");
    REQUIRE(answers.size() == 1);
    CHECK(answers[0].etag == "\"1\"");
}

TEST_CASE_METHOD(CurlFixture, "a request says what it was told to say", "[curl]") {
    request.headers = {{"X-Key", "secret"}, {"X-Empty", ""}};
    request.user_agent = "isinfetch/1";
    request.etag = "\"0\"";
    request.last_modified = kDate;
    request.resume_from = 2;
    request.resume_if = "\"1\"";
    server.add("/x", {.body = "list", .etag = "\"1\""});
    CHECK(get(server.url("/x")).status == 206);
    CHECK(body.text() == "st");
    CHECK(answers.at(0).content_range == "bytes 2-3/4");
    CHECK(seen("x-key") == "secret");
    CHECK(seen("user-agent") == "isinfetch/1");
    CHECK(seen("if-none-match") == "\"0\"");
    CHECK(seen("if-modified-since") == kDate);
    CHECK(seen("range") == "bytes=2-");
    CHECK(seen("if-range") == "\"1\"");
    CHECK(seen("accept-encoding") == "(none)");
}

TEST_CASE_METHOD(CurlFixture, "nothing of one request is left in the next", "[curl]") {
    server.add("/x", {.body = "list"});
    request.headers = {{"X-Key", "secret"}};
    request.resume_from = 2;
    request.resume_if = "\"1\"";
    get(server.url("/x"));
    request = {.addresses = request.addresses};
    get(server.url("/x"));
    CHECK(seen("x-key", 1) == "(none)");
    CHECK(seen("range", 1) == "(none)");
    CHECK(seen("if-range", 1) == "(none)");
}

TEST_CASE_METHOD(CurlFixture, "a header cannot smuggle in another", "[curl]") {
    request.headers = {{"X-Key", "a\r\nHost: evil"}};
    CHECK(failure(server.url("/x")).kind() == ErrorKind::config);
    CHECK(server.requests().empty());
}

TEST_CASE_METHOD(CurlFixture, "a redirect is reported, not followed", "[curl]") {
    server.add("/a/x", {.status = 302, .body = "moved", .headers = {{"Location", "../b?c"}}});
    const HttpResponse response = get(server.url("/a/x"));
    CHECK(response.status == 302);
    CHECK(response.location == server.url("/b?c"));
    CHECK(body.text().empty());
    CHECK(answers.size() == 1);
    CHECK(server.requests().size() == 1);
}

TEST_CASE_METHOD(CurlFixture, "an error page is dropped, however it ends", "[slow][curl]") {
    const Fault fault = GENERATE(Fault::none, Fault::cut, Fault::stall, Fault::endless);
    server.add("/x", {.status = 404, .body = "not here", .fault = fault, .fault_after = 3});
    CHECK(get(server.url("/x")).status == 404);
    CHECK(body.text().empty());
    CHECK(answers.size() == 1);
}

TEST_CASE_METHOD(CurlFixture, "304 has no body and is answered once", "[curl]") {
    server.add("/x", {.body = "list", .etag = "\"1\""});
    request.etag = "\"1\"";
    CHECK(get(server.url("/x")).status == 304);
    CHECK(answers.size() == 1);
}

TEST_CASE_METHOD(CurlFixture, "an answer that is not complete is a passing error", "[slow][curl]") {
    const Fault fault = GENERATE(Fault::no_answer, Fault::stall, Fault::reset, Fault::cut);
    CAPTURE(static_cast<int>(fault));
    server.add("/x", {.body = "a whole list", .fault = fault, .fault_after = 5});
    const Error error = failure(server.url("/x"));
    CHECK(error.kind() == ErrorKind::temporary);
    CHECK_THAT(error.what(), StartsWith(server.url("/x") + ": "));
    CHECK(body.text() == (fault == Fault::no_answer ? "" : "a who"));
}

TEST_CASE_METHOD(CurlFixture, "a transfer that takes too long is a passing error", "[curl]") {
    request.timeout = seconds{1};
    server.add("/x", {.body = std::string(500, 'x'), .fault = Fault::slow});
    CHECK(failure(server.url("/x")).kind() == ErrorKind::temporary);
}

TEST_CASE_METHOD(CurlFixture, "the message says what limits the time", "[slow][curl]") {
    request.timeout = seconds{1};
    request.timeout_name = "network.total_timeout is 1s";
    server.add("/x", {.body = std::string(500, 'x'), .fault = Fault::slow});
    CHECK_THAT(failure(server.url("/x")).what(),
               ContainsSubstring("(network.total_timeout is 1s)"));
    // What stands still is told from what takes long.
    request.timeout = seconds{60};
    server.add("/y", {.body = "list", .fault = Fault::stall, .fault_after = 2});
    CHECK_THAT(failure(server.url("/y")).what(), !ContainsSubstring("total_timeout"));
}

TEST_CASE_METHOD(CurlFixture, "headers and trailers have one limit", "[curl]") {
    request.max_header = 200;
    const std::string line = "X: " + std::string(95, 'x') + "\r\n";  // 100 bytes
    const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n";
    server.add("/few", {.raw = chunked + line + "\r\n4\r\nlist\r\n0\r\n\r\n"});
    server.add("/header", {.raw = chunked + line + line + "\r\n4\r\nlist\r\n0\r\n\r\n"});
    server.add("/both", {.raw = chunked + line + "\r\n4\r\nlist\r\n0\r\n" + line + "\r\n"});
    CHECK(get(server.url("/few")).status == 200);
    for (const char* const path : {"/header", "/both"}) {
        CAPTURE(path);
        const Error error = failure(server.url(path));
        CHECK(error.kind() == ErrorKind::protocol);
        CHECK_THAT(error.what(), ContainsSubstring("larger than 200"));
    }
}

TEST_CASE_METHOD(CurlFixture, "nothing but the Internet is asked without a word", "[curl]") {
    server.add("/x", {.body = "list"});
    request.addresses = {};
    const Error error = failure(server.url("/x"));
    CHECK(error.kind() == ErrorKind::protocol);
    CHECK_THAT(error.what(), ContainsSubstring("leads to 127.0.0.1 (loopback address"));
    CHECK(server.requests().empty());
    request.addresses.own_urls = {server.url("/other")};
    CHECK(get(server.url("/x")).status == 200);
}

TEST_CASE_METHOD(CurlFixture, "who cannot be reached may be so later", "[curl]") {
    const std::string url = GENERATE(refused_url(), "http://no-such-host.invalid/");
    const Error error = failure(url);
    CHECK(error.kind() == ErrorKind::temporary);
    CHECK_THAT(error.what(), StartsWith(url + ": "));
    CHECK(answers.empty());
}

TEST_CASE_METHOD(CurlFixture, "an announced size over max_bytes is refused at once", "[curl]") {
    server.add("/x", {.body = long_list()});
    request.max_bytes = 1000;
    CHECK(failure(server.url("/x")).kind() == ErrorKind::data);
    CHECK(body.text().empty());
}

TEST_CASE_METHOD(CurlFixture, "an endless body ends at max_bytes", "[curl]") {
    server.add("/x", {.fault = Fault::endless});
    request.max_bytes = 1'000'000;
    CHECK(failure(server.url("/x")).kind() == ErrorKind::data);
    CHECK(body.text().size() <= 1'000'000);
}

TEST_CASE_METHOD(CurlFixture, "what the sink throws comes through libcurl", "[curl]") {
    server.add("/x", {.body = "list"});
    request.url = server.url("/x");
    FullDisk disk;
    CHECK_THROWS_WITH(http.get(request, disk, [](const HttpResponse&) {}), "disk: full");
}

TEST_CASE_METHOD(CurlFixture, "what `answered` throws comes through libcurl", "[curl]") {
    const int status = GENERATE(200, 404);
    server.add("/x", {.status = status, .body = "list"});
    request.url = server.url("/x");
    CHECK_THROWS_WITH(
        http.get(request, body, [](const HttpResponse&) { fail(ErrorKind::data, "not wanted"); }),
        "not wanted");
    CHECK(body.text().empty());
}

TEST_CASE_METHOD(CurlFixture, "no password is in an error of libcurl", "[curl]") {
    const Error error = failure("http://me:hunter2@no-such-host.invalid/?token=hunter2");
    CHECK_THAT(error.what(), !ContainsSubstring("hunter2"));
}

TEST_CASE_METHOD(CurlFixture, "only http, https and file are spoken", "[curl]") {
    CHECK(failure("ftp://127.0.0.1/x").kind() == ErrorKind::protocol);
    CHECK(failure("no URL at all").kind() == ErrorKind::config);
}

TEST_CASE_METHOD(CurlFixture, "a local file is a page, too", "[curl]") {
    const TempDir directory;
    std::ofstream(directory / "list.csv") << "list";
    std::filesystem::last_write_time(
        directory / "list.csv",
        std::filesystem::file_time_type::clock::from_sys(Timestamp{seconds{1'795'411'022}}));
    request.resume_from = 2;  // means nothing there
    const HttpResponse response = get("file://" + (directory / "list.csv").native());
    CHECK(response.status == 200);
    CHECK(response.last_modified == kDate);
    CHECK(body.text() == "list");
    CHECK(answers.size() == 1);
}

TEST_CASE_METHOD(CurlFixture, "an empty local file is answered as well", "[curl]") {
    const TempDir directory;
    std::ofstream(directory / "list.csv") << "";
    CHECK(get("file://" + (directory / "list.csv").native()).status == 200);
    CHECK(answers.size() == 1);
}

TEST_CASE_METHOD(CurlFixture, "a local file that is not there is gone", "[curl]") {
    CHECK(failure("file:///no/such/file").kind() == ErrorKind::gone);
}

TEST_CASE_METHOD(CurlFixture, "a header that is none is the publisher's fault", "[curl]") {
    const std::string line = GENERATE(as<std::string>{},
                                      " folded first",
                                      "\tfolded first",
                                      "X-A\rb: c",
                                      "   : x",
                                      ": x",
                                      "\x01: x",
                                      "X-Long: " + std::string(200'000, 'x'));
    CAPTURE(line.substr(0, 20));
    const std::string rest = line + "\r\nContent-Length: 3\r\n\r\nabc";
    server.add("/moved", {.status = 302, .headers = {{"Location", "/x"}}});
    server.add("/bad", {.raw = "HTTP/1.1 200 OK\r\n" + rest});
    server.add("/early",
               {.raw = "HTTP/1.1 103 Early Hints\r\nA: b\r\n\r\nHTTP/1.1 200 OK\r\n" + rest});
    server.add("/good", {.body = "list"});
    // What one answer leaves behind is nothing to the next on this thread.
    for (const char* const path : {"/bad", "/early"}) {
        CHECK(get(server.url("/moved")).status == 302);
        try {
            get(server.url(path));  // some lines, libcurl puts up with
        } catch (const Error& error) {
            CHECK(error.kind() == ErrorKind::protocol);
            CHECK_THAT(error.what(), ContainsSubstring("line 2 of the header of its answer is"));
        }
    }
    CHECK(get(server.url("/good")).status == 200);
}

TEST_CASE_METHOD(CurlFixture, "caches are asked to revalidate unless told not to", "[curl]") {
    server.add("/x", {.body = "list"});
    get(server.url("/x"));
    CHECK(seen("cache-control") == "max-age=0");
    request.revalidate = false;
    get(server.url("/x"));
    CHECK(seen("cache-control", 1) == "(none)");
}

// In a process of its own: a signal that came is never forgotten.
TEST_CASE_METHOD(CurlFixture, "SIGTERM ends a transfer", "[curl]") {
    server.add("/x", {.body = "list", .fault = Fault::stall});
    request.stall_timeout = seconds{60};
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        watch_signals();
        ::raise(SIGTERM);
        const bool interrupted = failure(server.url("/x")).kind() == ErrorKind::interrupted;
        ::_exit(interrupted ? 0 : 1);
    }
    int status = -1;
    CHECK(::waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
}

TEST_CASE_METHOD(CurlFixture, "several threads may ask at once", "[curl]") {
    const std::string list = long_list();
    server.add("/x", {.body = list});
    std::vector<StringSink> bodies(4);
    std::vector<std::thread> threads;
    for (StringSink& sink : bodies) {
        threads.emplace_back([&, url = server.url("/x")] {
            http.get(
                {.url = url, .addresses = request.addresses}, sink, [](const HttpResponse&) {});
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    for (const StringSink& sink : bodies) {
        CHECK(sink.text() == list);
    }
}

TEST_CASE_METHOD(RealFixture, "a list is downloaded, then found unchanged", "[curl][download]") {
    server.add("/x", {.body = "ISIN\n", .etag = "\"1\"", .last_modified = kDate});
    const Download first = get("/x");
    CHECK(read_file(first.path) == "ISIN\n");
    validators = {first.etag, first.last_modified};
    CHECK(get("/x").unchanged);
}

TEST_CASE_METHOD(RealFixture,
                 "a download survives every way of being cut",
                 "[slow][curl][download]") {
    const Fault fault = GENERATE(Fault::no_answer, Fault::stall, Fault::reset, Fault::cut);
    const std::string list = long_list();
    server.add("/x", {.body = list, .etag = "\"1\"", .fault = fault, .fault_after = 100'000});
    server.add("/x", {.body = list, .etag = "\"1\""});
    CHECK(get("/x").sha256 == hex_digest(Digest::Algorithm::sha256, list));
    CHECK(trace.attempts == 2);
    CHECK(trace.http_status == (fault == Fault::no_answer ? 200 : 206));
    CHECK(naps.size() == 1);
}

TEST_CASE_METHOD(RealFixture, "the next run goes on with the right file", "[curl][download]") {
    const std::string etag = GENERATE("\"1\"", "\"2\"");
    const std::string list = long_list();
    options.retry.attempts = 1;
    server.add("/x", {.body = list, .etag = "\"1\"", .fault = Fault::cut, .fault_after = 100'000});
    CHECK(failure("/x") == ErrorKind::temporary);
    server.clear("/x");
    const std::string now_there = etag == "\"1\"" ? list : "ISIN\n" + list;
    server.add("/x", {.body = now_there, .etag = etag});
    CHECK(get("/x").sha256 == hex_digest(Digest::Algorithm::sha256, now_there));
    CHECK(trace.http_status == (etag == "\"1\"" ? 206 : 200));
    CHECK(trace.attempts == 1);
}

TEST_CASE_METHOD(RealFixture, "Retry-After is understood in both forms", "[curl][download]") {
    server.add("/x", {.status = 503, .headers = {{"Retry-After", "7"}}});
    server.add("/x",
               {.status = 429, .headers = {{"Retry-After", "Mon, 23 Nov 2020 05:17:02 GMT"}}});
    server.add("/x",
               {.status = 503, .headers = {{"Retry-After", "Fri, 23 Nov 2180 05:17:02 GMT"}}});
    CHECK(failure("/x") == ErrorKind::temporary);
    CHECK(naps == std::vector{milliseconds{7000}, milliseconds{2000}});
    CHECK(trace.cooldown_until == start() + seconds{9} + std::chrono::days{7});
}

TEST_CASE_METHOD(RealFixture, "what is wrong for good is not asked twice", "[curl][download]") {
    server.add("/empty", {});
    server.add("/html", {.body = "<html>"});
    server.add("/loop", {.status = 301, .headers = {{"Location", "/loop"}}});
    server.add("/away", {.status = 302, .headers = {{"Location", "https://169.254.169.254/"}}});
    server.add("/file", {.status = 302, .headers = {{"Location", "file:///etc/passwd"}}});
    server.add("/forbidden", {.status = 403});
    server.add("/endless", {.fault = Fault::endless});
    options.max_bytes = 1'000'000;
    CHECK(failure("/empty") == ErrorKind::data);
    CHECK(failure("/html") == ErrorKind::protocol);
    CHECK(failure("/loop") == ErrorKind::protocol);
    CHECK(failure("/away") == ErrorKind::protocol);
    CHECK(failure("/file") == ErrorKind::protocol);
    CHECK(failure("/forbidden") == ErrorKind::permission);
    CHECK(failure("/gone") == ErrorKind::gone);
    CHECK(failure("/endless") == ErrorKind::data);
    CHECK(naps.empty());
}

TEST_CASE_METHOD(RealFixture, "a list is downloaded from a local file", "[curl][download]") {
    std::ofstream(directory / "list.csv") << "ISIN\n";
    const std::string url = "file://" + (directory / "list.csv").native();
    CHECK(read_file(fetch(http, {.url = url}).path) == "ISIN\n");
}
