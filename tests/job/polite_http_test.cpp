#include "job/polite_http.hpp"

#include "support/catch.hpp"
#include "support/fake_http.hpp"
#include "util/error.hpp"
#include "util/wait.hpp"

#include <future>

using namespace isinfetch;
using namespace isinfetch::test;

namespace {

struct PoliteFixture {
    FakeHttp fake;
    HostGates gates;

    PoliteFixture() {
        for (const char* url : {"http://index/", "http://files:81/1", "http://files:82/2"}) {
            fake.add(url, 200, "list");
        }
        fake.add("http://gone/", 404);
        fake.add("file:///list", 200, "list");
    }

    void ask(PoliteHttp& http, const std::string& url) {
        struct : ByteSink {
            void write(std::string_view) override {}
        } sink;
        try {
            http.get({.url = url}, sink, [](const HttpResponse&) {});
        } catch (const Error&) {
            UNSCOPED_INFO(url << " failed");
        }
    }

    /// In another thread, as another source.
    bool is_free(const std::string& host) {
        return std::async(std::launch::async,
                          [&] {
                              const RunDeadline at_once(std::chrono::milliseconds{0});
                              try {
                                  gates.enter(host, "other");
                                  return true;
                              } catch (const Error&) {
                                  return false;
                              }
                          })
            .get();
    }
};

}  // namespace

TEST_CASE_METHOD(PoliteFixture, "a source keeps others from the host that it asked last", "[job]") {
    PoliteHttp http(fake, gates, "mine");
    CHECK(is_free("index"));
    ask(http, "http://index/");
    CHECK_FALSE(is_free("index"));
    CHECK(is_free("files"));
    ask(http, "http://files:81/1");
    CHECK(is_free("index"));
    CHECK_FALSE(is_free("files"));
    ask(http, "http://files:82/2");  // the same host, whatever the port
    CHECK_FALSE(is_free("files"));
    ask(http, "file:///list");
    CHECK(is_free("files"));
}

TEST_CASE_METHOD(PoliteFixture, "a host is kept between attempts that fail", "[job]") {
    {
        PoliteHttp http(fake, gates, "mine");
        ask(http, "http://gone/");
        CHECK_FALSE(is_free("gone"));
        ask(http, "http://no-such-host/");
        CHECK(is_free("gone"));
        CHECK_FALSE(is_free("no-such-host"));
    }
    CHECK(is_free("no-such-host"));
}
