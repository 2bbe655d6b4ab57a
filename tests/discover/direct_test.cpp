#include "discover/discovery.hpp"
#include "support/catch.hpp"
#include "support/fake_http.hpp"
#include "support/fetch_fixture.hpp"
#include "util/error.hpp"

#include <algorithm>

using namespace isinfetch;

namespace {

const std::string kUrl = "https://a.org/lists/all%20shares.csv?key=hunter2";
const std::string kSidecar = "https://a.org/lists/all.md5";
const std::string kMd5 = "d41d8cd98f00b204e9800998ecf8427e";

struct DirectFixture : test::FetchFixture {
    test::FakeHttp http;

    RemoteFile discover(const std::string& checksum, const std::string& url = kUrl) {
        const auto files = find_discovery("direct")->discover(
            {.source = "shares", .url = url, .checksum = checksum, .options = options},
            environment(http),
            trace);
        REQUIRE(files.size() == 1);
        return files.front();
    }

    Error failure(const std::string& checksum, const std::string& url = kUrl) {
        try {
            discover(checksum, url);
        } catch (const Error& error) {
            return error;
        }
        FAIL("succeeded");
        throw std::logic_error("not reached");
    }
};

}  // namespace

TEST_CASE("discovery methods are sorted by name and found by it", "[discover]") {
    const auto methods = discovery_methods();
    CHECK(std::is_sorted(methods.begin(), methods.end(), [](const auto& one, const auto& other) {
        return one.name < other.name;
    }));
    for (const DiscoveryMethod& method : methods) {
        CHECK(find_discovery(method.name) == &method);
    }
    CHECK(find_discovery("divination") == nullptr);
}

TEST_CASE_METHOD(DirectFixture, "a direct source is one file named by its URL", "[discover]") {
    const RemoteFile file = discover("");
    CHECK(file.name == "all shares.csv");
    CHECK(file.url == kUrl);
    CHECK(file.checksum.empty());
    CHECK(file.published.empty());
    CHECK(http.requests.empty());
}

TEST_CASE_METHOD(DirectFixture, "a checksum can be configured", "[discover]") {
    CHECK(discover("md5:" + kMd5).checksum == "md5:" + kMd5);
    CHECK(http.requests.empty());
}

TEST_CASE_METHOD(DirectFixture, "a checksum that is none is a mistake", "[discover]") {
    const std::string text = GENERATE(as<std::string>{}, "md5:12", "sha1:" + kMd5, "yes");
    const Error error = failure(text);
    CHECK(error.kind() == ErrorKind::config);
    CHECK_THAT(error.what(), StartsWith("shares: checksum '" + text + "' is neither"));
}

TEST_CASE_METHOD(DirectFixture, "a checksum can lie beside the list", "[discover]") {
    options.headers = {{"Authorization", "secret"}};
    http.add(kSidecar, 503);
    http.add(kSidecar, 200, kMd5 + "  all shares.csv\n");
    CHECK(discover(kSidecar).checksum == "md5:" + kMd5);
    CHECK(http.requests.at(1).headers == options.headers);
    CHECK(http.requests.at(1).max_bytes == 0x100000);
    CHECK(trace.attempts == 2);
}

TEST_CASE_METHOD(DirectFixture, "credentials are not for a checksum's own host", "[discover]") {
    options.headers = {{"Authorization", "secret"}};
    http.add("https://b.org/all.md5", 200, kMd5);
    discover("https://b.org/all.md5");
    CHECK(http.requests.at(0).headers.empty());
}

TEST_CASE_METHOD(DirectFixture, "a checksum file without a checksum is an error", "[discover]") {
    http.add(kSidecar, 200, "not here\n");
    const Error error = failure(kSidecar);
    CHECK(error.kind() == ErrorKind::data);
    CHECK(error.what() == kSidecar + ": no MD5 or SHA-256 in it");
}

TEST_CASE_METHOD(DirectFixture, "a checksum of a web page is not taken", "[discover]") {
    http.add(kSidecar, 200, "<html><title>Log in</title>" + kMd5);
    CHECK(failure(kSidecar).kind() == ErrorKind::protocol);
}

TEST_CASE_METHOD(DirectFixture, "a checksum file is small", "[discover]") {
    http.add(kSidecar, 200, std::string(0x100001, ' '));
    CHECK(failure(kSidecar).kind() == ErrorKind::data);
}

TEST_CASE_METHOD(DirectFixture, "a checksum file that is gone is an error", "[discover]") {
    http.add(kSidecar, 404);
    CHECK(failure(kSidecar).kind() == ErrorKind::gone);
    CHECK(trace.http_status == 404);
}

TEST_CASE_METHOD(DirectFixture, "a URL that may not be asked is a mistake", "[discover]") {
    const std::string url = GENERATE("ftp://a.org/x", "http://a.org/x", "list.csv");
    CHECK(failure("", url).kind() == ErrorKind::config);
}
