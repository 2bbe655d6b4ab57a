#include "fetch/url.hpp"

#include "fetch/download.hpp"
#include "support/catch.hpp"
#include "util/error.hpp"

using namespace isinfetch;

namespace {

struct PartsCase {
    const char* url;
    const char* scheme;
    const char* host;
    const char* port;
    const char* file_name;
};

struct HostCase {
    const char* host;
    bool loopback;
};

struct CheckCase {
    const char* url;
    bool allow_http;
    const char* message;  // "" when it may be asked
};

struct RedactCase {
    const char* url;
    const char* shown;
    const char* why;
};

}  // namespace

TEST_CASE("a URL has a scheme, a host, a port and a file name", "[url]") {
    // clang-format off
    const auto row = GENERATE(values<PartsCase>({
        {"https://Example.ORG/a/b.csv",       "https", "example.org", "443",  "b.csv"},
        {"http://example.org:8080/b.csv?x=1", "http",  "example.org", "8080", "b.csv"},
        {"https://example.org/",              "https", "example.org", "443",  "example.org"},
        {"https://example.org",               "https", "example.org", "443",  "example.org"},
        {"https://me:pw@example.org/a%20b",   "https", "example.org", "443",  "a b"},
        {"https://example.org/a%2Fb",         "https", "example.org", "443",  "a/b"},
        {"http://[::1]:80/x",                 "http",  "::1",         "80",   "x"},
        {"file:///var/lib/list.csv",          "file",  "",            "",     "list.csv"},
        {"FTP://example.org/x",               "ftp",   "example.org", "21",   "x"},
        {"gopherus://example.org/x",          "gopherus", "example.org", "",  "x"},
    }));
    // clang-format on
    CAPTURE(row.url);
    const Url url = parse_url(row.url);
    CHECK(url.scheme == row.scheme);
    CHECK(url.host == row.host);
    CHECK(url.port == row.port);
    CHECK(url.file_name == row.file_name);
}

TEST_CASE("what is no URL is an error of the configuration", "[url]") {
    const auto* const text = GENERATE("", "list.csv", "https://", "https://exa mple.org/");
    CAPTURE(text);
    try {
        parse_url(text);
        FAIL("taken for a URL");
    } catch (const Error& error) {
        CHECK(error.kind() == ErrorKind::config);
    }
}

TEST_CASE("loopback hosts are known in all spellings", "[url]") {
    const auto row = GENERATE(values<HostCase>({{"localhost", true},
                                                {"list.localhost", true},
                                                {"127.0.0.1", true},
                                                {"127.99.0.3", true},
                                                {"::1", true},
                                                {"0:0:0:0:0:0:0:1", true},
                                                {"128.0.0.1", false},
                                                {"127.example.org", false},
                                                {"localhost.example.org", false},
                                                {"::2", false},
                                                {"", false}}));
    CAPTURE(row.host);
    CHECK(is_loopback(row.host) == row.loopback);
}

TEST_CASE("only encrypted, local or permitted URLs may be asked", "[url]") {
    // clang-format off
    const auto row = GENERATE(values<CheckCase>({
        {"https://example.org/x",  false, ""},
        {"file:///x",              false, ""},
        {"http://127.0.0.1:80/x",  false, ""},
        {"http://localhost/x",     false, ""},
        {"http://example.org/x",   true,  ""},
        {"http://example.org/x",   false, "http://example.org/x: http can be read and changed on "
                                          "its way: use https or set allow_http"},
        {"ftp://example.org/x",    true,  "ftp://example.org/x: scheme 'ftp' is not supported: use "
                                          "https or file"},
    }));
    // clang-format on
    CAPTURE(row.url);
    std::string message;
    try {
        check_url(row.url, {.allow_http = row.allow_http});
    } catch (const Error& error) {
        CHECK(error.kind() == ErrorKind::config);
        message = error.what();
    }
    CHECK(message == row.message);
}

TEST_CASE("no secret of a URL is shown", "[url]") {
    // clang-format off
    const auto row = GENERATE(values<RedactCase>({
        {"https://example.org/a?b=c#d",      "https://example.org/a?b=c#d",     "nothing to hide"},
        {"https://me:pw@example.org/a",      "https://***@example.org/a",       "user and password"},
        {"https://t0k3n@example.org/a",      "https://***@example.org/a",       "a token as user"},
        {"https://a:b@c@example.org/a",      "https://***@example.org/a",       "an @ in the password"},
        {"https://example.org/a@b",          "https://example.org/a@b",         "an @ in the path"},
        {"https://example.org/?e=a@b",       "https://example.org/?e=a@b",      "an @ in the query"},
        {"https://e.org/?api_key=x&n=1",     "https://e.org/?api_key=***&n=1",  "a key"},
        {"https://e.org/?Client-Key=x",      "https://e.org/?Client-Key=***",   "that ends so"},
        {"https://e.org/?keyword=x",         "https://e.org/?keyword=x",        "not that begins so"},
        {"https://e.org/?pass=x&passage=y",  "https://e.org/?pass=***&passage=y", "a whole word"},
        {"https://e.org/?n=1&Token=x",       "https://e.org/?n=1&Token=***",    "whatever its case"},
        {"https://e.org/?X-Amz-Signature=x", "https://e.org/?X-Amz-Signature=***", "signed URLs"},
        {"https://e.org/?sig=x#f",           "https://e.org/?sig=***#f",        "of two clouds"},
        {"https://e.org/?access_token=x?y",  "https://e.org/?access_token=***", "a ? in a value"},
        {"https://e.org/?monkeys=3",         "https://e.org/?monkeys=3",        "no key"},
        {"https://e.org/?token",             "https://e.org/?token",            "no value"},
        {"me:pw@list",                       "***@list",                        "no URL, no mercy"},
        {"https://e.org/\n<3>x",             "https://e.org/\\x0A<3>x",         "one line stays one"},
        {"",                                 "",                                "nothing"},
    }));
    // clang-format on
    CAPTURE(row.url, row.why);
    CHECK(redacted(row.url) == row.shown);
}

TEST_CASE("links are meant from where their page is", "[url]") {
    struct Case {
        const char* link;
        const char* url;  ///< empty: it leads to no file
    };
    // clang-format off
    const auto row = GENERATE(values<Case>({
        {"/a/b.csv",            "https://a.org/a/b.csv"},
        {"b.csv",               "https://a.org/d/e/b.csv"},
        {"../b.csv",            "https://a.org/d/b.csv"},
        {"x/../../../y",        "https://a.org/y"},
        {"./b c.csv",           "https://a.org/d/e/b%20c.csv"},
        {"a%20b.csv?x={1}",     "https://a.org/d/e/a%20b.csv?x={1}"},
        {"//cdn.org/x",         "https://cdn.org/x"},
        {"?q=1",                "https://a.org/d/e/page.html?q=1"},
        {"https://x.org/y#z",   "https://x.org/y"},
        {"http://x.org/y",      "http://x.org/y"},
        {"  /a\n/b ",           "https://a.org/a/b"},
        {"",                    "https://a.org/d/e/page.html?x=1"},
        {"/\xC3\xA4",           "https://a.org/%c3%a4"},
        {"mailto:x@a.org",      ""},
        {"JavaScript:void(0)",  ""},
        {"data:text/csv,ISIN",  ""},
        {"ftp://a.org/x",       ""},
        {"https://",            ""},
    }));
    // clang-format on
    CAPTURE(row.link);
    CHECK(resolve_url("https://a.org/d/e/page.html?x=1#q", row.link).value_or("") == row.url);
}
