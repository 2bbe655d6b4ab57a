#include "fetch/redirect.hpp"

#include "support/catch.hpp"
#include "util/error.hpp"

using namespace isinfetch;

namespace {

struct RedirectCase {
    const char* from;
    const char* to;
    const char* why_not;  // "" when it may be followed
};

struct PatternCase {
    const char* host;
    const char* pattern;
    bool matches;
};

struct HeaderCase {
    const char* from;
    const char* to;
    bool visible;
    const char* why;
};

std::string refusal(const Redirect& redirect, const FetchOptions& options) {
    try {
        check_redirect(redirect, options);
        return "";
    } catch (const Error& error) {
        CHECK(error.kind() == ErrorKind::protocol);
        return error.what();
    }
}

const FetchOptions kOptions{.redirect_hosts = {"cdn.example.net", "*.example.com", "b.net:8443"}};

}  // namespace

TEST_CASE("a redirect is followed to known hosts only", "[redirect]") {
    // clang-format off
    const auto row = GENERATE(values<RedirectCase>({
        {"https://a.org/x", "https://a.org/y",              ""},
        {"https://a.org/x", "https://A.org:8443/y",         "host 'a.org:8443' is not allowed: add it to redirect_hosts"},
        {"https://a.org:8443/x", "https://a.org:8443/y",    ""},
        {"https://a.org:8443/x", "https://a.org/y",         ""},
        {"https://a.org/x", "https://cdn.example.net:22/y", "host 'cdn.example.net:22' is not allowed: add it to redirect_hosts"},
        {"https://a.org/x", "https://b.net:8443/y",         ""},
        {"https://a.org/x", "https://b.net/y",              "host 'b.net' is not allowed: add it to redirect_hosts"},
        {"https://a.org/x", "https://[::1]:22/y",           "host '[::1]:22' is not allowed: add it to redirect_hosts"},
        {"https://a.org/x", "https://[::1]/y",              "host '::1' is not allowed: add it to redirect_hosts"},
        {"https://a.org/x", "https://cdn.example.net/y",    ""},
        {"https://a.org/x", "https://s3.eu.example.com/y",  ""},
        {"https://a.org/x", "https://b.org/y",              "host 'b.org' is not allowed: add it to redirect_hosts"},
        {"https://a.org/x", "https://www.a.org/y",          "host 'www.a.org' is not allowed: add it to redirect_hosts"},
        {"https://a.org/x", "https://169.254.169.254/y",    "host '169.254.169.254' is not allowed: add it to redirect_hosts"},
        {"https://a.org/x", "http://127.0.0.1/y",           "host '127.0.0.1' is not allowed: add it to redirect_hosts"},
        {"https://a.org/x", "http://a.org/x",               "http can be read and changed on its way: set allow_http to allow it"},
        {"https://a.org/x", "file:///etc/passwd",           "scheme 'file' is not allowed"},
        {"https://a.org/x", "ftp://a.org/x",                "scheme 'ftp' is not allowed"},
        {"http://127.0.0.1/x", "http://127.0.0.1:81/x",     "host '127.0.0.1:81' is not allowed: add it to redirect_hosts"},
        {"http://127.0.0.1/x", "file:///etc/passwd",        "scheme 'file' is not allowed"},
    }));
    // clang-format on
    CAPTURE(row.from, row.to);
    const std::string message = refusal({.original = row.from, .target = row.to}, kOptions);
    const std::string prefix = std::string(row.from) + ": redirect to " + row.to + ": ";
    CHECK(message == (row.why_not[0] == '\0' ? "" : prefix + row.why_not));
}

TEST_CASE("allow_http lets a redirect leave encryption behind", "[redirect]") {
    FetchOptions options = kOptions;
    options.allow_http = true;
    CHECK(refusal({"https://a.org/x", "http://a.org/x"}, options).empty());
    CHECK_FALSE(refusal({"https://a.org:8443/x", "http://a.org/x"}, options).empty());
    CHECK_FALSE(refusal({"https://a.org/x", "http://a.org:8080/x"}, options).empty());
}

TEST_CASE("only so many redirects are followed", "[redirect]") {
    CHECK(refusal({"https://a.org/x", "https://a.org/y", 5}, kOptions).empty());
    CHECK(refusal({"https://a.org/x", "https://a.org/y", 6}, kOptions) ==
          "https://a.org/x: redirect to https://a.org/y: more than 5 redirects");
}

TEST_CASE("a redirect to what is no URL is the publisher's mistake", "[redirect]") {
    CHECK_THAT(refusal({"https://a.org/x", "https://"}, kOptions), ContainsSubstring("not a URL"));
}

TEST_CASE("no secret shows in the refusal of a redirect", "[redirect]") {
    const std::string message =
        refusal({"https://me:hunter2@a.org/x", "https://b.org/?token=hunter2"}, kOptions);
    CHECK_THAT(message, !ContainsSubstring("hunter2"));
}

TEST_CASE("a star stands for whatever is below a domain", "[redirect]") {
    const auto row = GENERATE(values<PatternCase>({{"a.org", "a.org", true},
                                                   {"A.org", "a.ORG", true},
                                                   {"b.a.org", "*.a.org", true},
                                                   {"c.b.a.org", "*.a.org", true},
                                                   {"a.org", "*.a.org", false},
                                                   {".a.org", "*.a.org", false},
                                                   {"ba.org", "*.a.org", false},
                                                   {"bba.org", "*.a.org", false},
                                                   {"b.a.org", "a.org", false},
                                                   {"a.org.evil.net", "*.a.org", false},
                                                   {"", "", true}}));
    CAPTURE(row.host, row.pattern);
    CHECK(host_matches(row.host, row.pattern) == row.matches);
}

TEST_CASE("a port is meant where it is named", "[redirect]") {
    struct Case {
        const char* url;
        const char* pattern;
        bool matches;
    };
    const auto row = GENERATE(values<Case>({{"https://a.org/", "a.org", true},
                                            {"http://a.org/", "a.org", true},
                                            {"https://a.org/", "a.org:443", true},
                                            {"http://a.org/", "a.org:443", false},
                                            {"https://a.org:80/", "a.org", false},
                                            {"https://b.a.org:81/", "*.a.org:81", true},
                                            {"https://b.a.org:82/", "*.a.org:81", false},
                                            {"https://[::1]/", "::1", true},
                                            {"https://[::1]/", "[::1]", true},
                                            {"https://[::1]:81/", "[::1]:81", true},
                                            {"https://[::1]:81/", "::1", false},
                                            {"https://a.org/", "a.org:", false},
                                            {"https://a.org/", "[a.org", false},
                                            {"https://a.org/", "xa.org]", false},
                                            {"https://a.org/", "", false}}));
    CAPTURE(row.url, row.pattern);
    CHECK(place_matches(parse_url(row.url), row.pattern) == row.matches);
}

TEST_CASE("credentials stay with whom they were given to", "[redirect]") {
    // clang-format off
    const auto row = GENERATE(values<HeaderCase>({
        {"https://a.org/x", "https://a.org/y",      true,  "the same"},
        {"https://a.org/x", "https://a.org:443/y",  true,  "the same, spelt out"},
        {"http://a.org/x",  "https://a.org/x",      true,  "now encrypted"},
        {"http://a.org/x",  "https://a.org:8443/x", false, "encrypted, but another service"},
        {"https://a.org/x", "http://a.org:443/x",   false, "the port, but no longer encrypted"},
        {"https://a.org/x", "http://a.org/x",       false, "no longer encrypted"},
        {"https://a.org/x", "https://a.org:8443/x", false, "another service"},
        {"https://a.org/x", "https://b.org/x",      false, "another host"},
        {"https://a.org/x", "https://b.a.org/x",    false, "nor one below"},
    }));
    // clang-format on
    CAPTURE(row.from, row.to, row.why);
    CHECK(may_see_headers(row.from, row.to) == row.visible);
}

TEST_CASE("a link leads where a redirect might", "[redirect]") {
    struct Case {
        const char* page;
        const char* link;
        const char* why_not;  ///< empty: it may be followed
    };
    // clang-format off
    const auto row = GENERATE(values<Case>({
        {"https://a.org/x", "https://a.org/y",           ""},
        {"https://a.org/x", "https://cdn.example.net/y", ""},
        {"https://a.org/x", "https://b.org/y",           "https://a.org/x: link to https://b.org/y: host 'b.org' is not allowed"},
        {"https://a.org/x", "http://a.org/y",            "https://a.org/x: link to http://a.org/y: http can be read"},
        {"https://a.org/x", "file:///y",                 "https://a.org/x: link to file:///y: scheme 'file' is not allowed"},
        {"file:///x",       "file:///y",                 ""},
        {"file:///x",       "https://cdn.example.net/y", ""},
        {"file:///x",       "https://b.org/y",           "file:///x: link to https://b.org/y: host 'b.org' is not allowed"},
        {"https://a.org/x", "1.zip",                     "https://a.org/x: link to 1.zip: "},
        {"https://a.org/x", "https://a.org:22/y",        "https://a.org/x: link to https://a.org:22/y: host 'a.org:22'"},
    }));
    // clang-format on
    CAPTURE(row.link);
    std::string found;
    try {
        check_link(row.page, row.link, kOptions);
    } catch (const Error& error) {
        found = error.what();
    }
    CHECK(found.empty() == std::string(row.why_not).empty());
    CHECK_THAT(found, StartsWith(row.why_not));
}

TEST_CASE("headers are not for other hosts", "[redirect]") {
    const FetchOptions options{.headers = {{"Authorization", "secret"}}, .max_redirects = 2};
    CHECK(options_for("https://a.org/x", "https://a.org/y", options).headers == options.headers);
    const FetchOptions elsewhere = options_for("https://a.org/x", "https://b.org/y", options);
    CHECK(elsewhere.headers.empty());
    CHECK(elsewhere.max_redirects == 2);
}
