#include "fetch/route.hpp"

#include "support/catch.hpp"

using namespace isinfetch;

TEST_CASE("the proxy is the one that libcurl takes", "[fetch]") {
    struct Row {
        const char* why;
        std::string url;
        std::string configured;
        Variables environment;
        std::string expected;
    };
    const std::string https = "https://list.publisher.example/a.csv";
    const auto row = GENERATE_COPY(values<Row>({
        {"none", https, "", {}, ""},
        {"configured", https, "http://p:1", {{"https_proxy", "http://q:1"}}, "http://p:1"},
        {"by scheme", https, "", {{"https_proxy", "q:1"}, {"http_proxy", "r:1"}}, "q:1"},
        {"upper case", https, "", {{"HTTPS_PROXY", "q:1"}}, "q:1"},
        {"lower case wins", https, "", {{"HTTPS_PROXY", "q:1"}, {"https_proxy", "s:1"}}, "s:1"},
        {"HTTP_PROXY is a header of CGI", "http://127.0.0.1/a", "", {{"HTTP_PROXY", "q:1"}}, ""},
        {"for all", https, "", {{"ALL_PROXY", "q:1"}}, "q:1"},
        {"exempt by name",
         https,
         "",
         {{"https_proxy", "q:1"}, {"no_proxy", "a.example, publisher.example"}},
         ""},
        {"exempt with a dot",
         https,
         "",
         {{"https_proxy", "q:1"}, {"NO_PROXY", ".publisher.example"}},
         ""},
        {"the end of a name is no parent",
         https,
         "",
         {{"https_proxy", "q:1"}, {"no_proxy", "lisher.example"}},
         "q:1"},
        {"exempt with a dot at the end",
         https,
         "",
         {{"https_proxy", "q:1"}, {"no_proxy", "publisher.example."}},
         ""},
        {"an address with a dot at the end",
         "https://list.publisher.example./a.csv",
         "",
         {{"https_proxy", "q:1"}, {"no_proxy", "list.publisher.example"}},
         ""},
        {"in an exempt network",
         "http://10.1.2.3:8080/a.csv",
         "http://p:1",
         {{"no_proxy", "localhost 10.0.0.0/8"}},
         ""},
        {"outside the exempt network",
         "http://11.1.2.3:8080/a.csv",
         "http://p:1",
         {{"no_proxy", "localhost 10.0.0.0/8"}},
         "http://p:1"},
        {"all are exempt", https, "http://p:1", {{"no_proxy", "*"}}, ""},
        {"a local file", "file:///a", "http://p:1", {}, ""},
    }));
    INFO(row.why);
    CHECK(proxy_for(row.url, row.configured, row.environment) == row.expected);
}

TEST_CASE("names are looked up without waiting for ever", "[fetch]") {
    const auto troubles = resolve({"localhost", "no-such-host.invalid"}, std::chrono::seconds(20));
    CHECK(troubles.at("localhost").empty());
    CHECK_FALSE(troubles.at("no-such-host.invalid").empty());
    CHECK(resolve({}, std::chrono::seconds(1)).empty());
}

TEST_CASE("certificates come from what was said last", "[fetch]") {
    CHECK(trust_file("/a.pem", {{"SSL_CERT_FILE", "/b.pem"}}) == "/a.pem");
    CHECK(trust_file("", {{"SSL_CERT_FILE", "/b.pem"}}) == "/b.pem");
    CHECK(trust_file("", {}) != "/b.pem");
}
