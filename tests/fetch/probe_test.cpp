#include "fetch/probe.hpp"

#include "fetch/curl_http.hpp"
#include "support/catch.hpp"
#include "support/fault_server.hpp"
#include "support/fetch_fixture.hpp"
#include "util/error.hpp"

#include <stdlib.h>

#include <fstream>

using namespace isinfetch;
using namespace isinfetch::test;

namespace {

const std::string kDate = "Mon, 23 Nov 2026 05:17:02 GMT";

/// probe() over libcurl, against a publisher on the loopback interface.
struct ProbeFixture : FetchFixture {
    FaultServer server;
    CurlHttp http;

    ProbeFixture() {
        ::setenv("no_proxy", "127.0.0.1", 1);
        options.addresses.own_urls = {server.url("/")};
    }

    Probe ask(const std::string& url) { return probe(url, options, environment(http), trace); }

    std::string methods() const {
        std::string all;
        for (const SeenRequest& request : server.requests()) {
            all += request.method + " ";
        }
        return all;
    }

    Page list() const {
        return {.body = std::string(1'000'000, 'x'),
                .etag = "\"1\"",
                .last_modified = kDate,
                .headers = {{"Content-Type", "text/csv"}}};
    }
};

}  // namespace

TEST_CASE_METHOD(ProbeFixture, "a file is asked about without a byte of it", "[probe]") {
    server.add("/x", list());
    const Probe found = ask(server.url("/x"));
    CHECK(found.url == server.url("/x"));
    CHECK(found.bytes == 1'000'000);
    CHECK(found.content_type == "text/csv");
    CHECK(found.last_modified == kDate);
    CHECK(found.etag == "\"1\"");
    CHECK(methods() == "HEAD ");
}

TEST_CASE_METHOD(ProbeFixture, "where HEAD is refused a byte is asked for", "[probe]") {
    const int status = GENERATE(403, 405, 501);
    const bool ranges = GENERATE(true, false);
    Page page = list();
    page.head_status = status;
    page.ranges = ranges;
    server.add("/x", page);
    CHECK(ask(server.url("/x")).bytes == 1'000'000);
    CHECK(methods() == "HEAD GET ");
    CHECK(server.requests().at(1).headers.at("range") == "bytes=0-0");
}

TEST_CASE_METHOD(ProbeFixture, "an endless file is left at its first byte", "[probe]") {
    Page page = list();
    page.head_status = 405;
    page.fault = Fault::endless;
    server.add("/x", page);
    CHECK_FALSE(ask(server.url("/x")).bytes);
}

TEST_CASE_METHOD(ProbeFixture, "a redirect is followed by the same question", "[probe]") {
    server.add("/x", {.status = 302, .headers = {{"Location", "/y"}}});
    server.add("/y", list());
    CHECK(ask(server.url("/x")).url == server.url("/y"));
    CHECK(methods() == "HEAD HEAD ");
}

TEST_CASE_METHOD(ProbeFixture, "only what is not there is not there", "[probe]") {
    options.retry.attempts = 1;
    server.add("/there", list());
    server.add("/gone", {.status = 410});
    server.add("/broken", {.status = 500});
    const auto kind = [&](const std::string& path) {
        try {
            ask(server.url(path));
        } catch (const Error& error) {
            return error.kind();
        }
        return ErrorKind::internal;  // none: it is there
    };
    CHECK(kind("/there") == ErrorKind::internal);
    CHECK(kind("/missing") == ErrorKind::gone);
    CHECK(kind("/gone") == ErrorKind::gone);
    CHECK(kind("/broken") == ErrorKind::temporary);
}

TEST_CASE_METHOD(ProbeFixture, "a local file has a size, too", "[probe]") {
    std::ofstream(directory / "list.csv") << "list";
    const Probe found = ask("file://" + (directory / "list.csv").native());
    CHECK(found.bytes == 4);
    CHECK_FALSE(found.last_modified.empty());
    CHECK_THROWS_AS(ask("file:///no/such/file"), Error);
}
