#include "discover/discovery.hpp"
#include "discover/links.hpp"
#include "support/catch.hpp"
#include "support/fake_http.hpp"
#include "support/fetch_fixture.hpp"
#include "util/error.hpp"

#include <string>

using namespace isinfetch;

namespace {

const std::string kPage = "https://a.org/downloads/index.html";

struct LinkFixture : test::FetchFixture {
    test::FakeHttp http;
    FindOptions find{.link = "*/data/all*.csv"};

    RemoteFile discover() {
        const auto files =
            find_discovery("link-page")
                ->discover({.source = "shares", .url = kPage, .find = find, .options = options},
                           environment(http),
                           trace);
        REQUIRE(files.size() == 1);
        return files.front();
    }

    RemoteFile discover(const std::string& html) {
        http.add(kPage, 200, "<!DOCTYPE html>" + html);
        return discover();
    }

    Error failure() {
        try {
            discover();
        } catch (const Error& error) {
            return error;
        }
        FAIL("succeeded");
        throw std::logic_error("not reached");
    }

    Error failure(const std::string& html) {
        http.add(kPage, 200, "<!DOCTYPE html>" + html);
        return failure();
    }
};

}  // namespace

TEST_CASE("of several links the newest is taken", "[discover][link-page]") {
    struct Case {
        const char* pattern;
        std::vector<std::string> urls;
        const char* chosen;  ///< empty: none
    };
    // clang-format off
    const auto row = GENERATE(values<Case>({
        {"*.csv",               {"x.pdf", "b.csv", "a.csv", "c.csv"},        "b.csv"},
        {"*{%Y%m%d}.csv",       {"20260103.csv", "20261101.csv", "20260201.csv"}, "20261101.csv"},
        {"*{%d%m%Y}.csv",       {"03012026.csv", "02012027.csv"},            "02012027.csv"},
        {"*{%Y%m%d}.csv",       {"20261399.csv", "x.csv"},                   ""},
        {"*{%Y}_{n}.csv",       {"2026_9.csv", "2026_10.csv", "2025_11.csv"}, "2026_10.csv"},
        {"*_{n}.csv",           {"a_9.csv", "b_10.csv", "c_10.csv"},         "b_10.csv"},
        {"*.csv",               {},                                          ""},
    }));
    // clang-format on
    CAPTURE(row.pattern);
    const auto chosen =
        choose_link(UrlPattern::parse(row.pattern, UrlPattern::Star::is_any), row.urls);
    CHECK((chosen ? chosen->url : "") == row.chosen);
}

TEST_CASE_METHOD(LinkFixture, "a link on a page is the list", "[discover][link-page]") {
    find.link = "*/data/all*.csv*";
    const RemoteFile file = discover(
        "<html><a href='/contact'>Contact</a>"
        "<a href='/resource/a31c/data/all%20shares.csv?x=1&amp;y=2#top'>List</a>");
    CHECK(file.url == "https://a.org/resource/a31c/data/all%20shares.csv?x=1&y=2");
    CHECK(file.name == "all shares.csv");
    CHECK(file.published.empty());
}

TEST_CASE_METHOD(LinkFixture, "links are meant from where the page is", "[discover][link-page]") {
    struct Case {
        const char* html;
        const char* url;
    };
    const auto row = GENERATE(values<Case>(
        {{"<a href='data/all.csv'>", "https://a.org/downloads/data/all.csv"},
         {"<a href='../data/all.csv'>", "https://a.org/data/all.csv"},
         {"<a href='//a.org/data/all.csv'>", "https://a.org/data/all.csv"},
         {"<base href='/lists/'><a href='data/all.csv'>", "https://a.org/lists/data/all.csv"},
         {"<base href='https://a.org/z/y'><a href='data/all.csv'>", "https://a.org/z/data/all.csv"},
         {"<a href='javascript:go(\"/data/all.csv\")'><a href=' /data/\nall.csv '>",
          "https://a.org/data/all.csv"}}));
    CAPTURE(row.html);
    CHECK(discover(row.html).url == row.url);
}

TEST_CASE_METHOD(LinkFixture, "a page that has moved is followed", "[discover][link-page]") {
    http.add(kPage, {.response = {.status = 301, .location = "https://a.org/new/page"}});
    http.add("https://a.org/new/page", 200, "<html><a href='data/all.csv'>");
    CHECK(discover().url == "https://a.org/new/data/all.csv");
}

TEST_CASE_METHOD(LinkFixture, "a link that tells its day is of that day", "[discover][link-page]") {
    find.link = "*_{%Y-%m-%d}.csv";
    const RemoteFile file = discover("<a href=a_2026-11-20.csv><a href=a_2026-11-23.csv>");
    CHECK(file.name == "a_2026-11-23.csv");
    CHECK(file.published == "2026-11-23T00:00:00Z");
}

TEST_CASE_METHOD(LinkFixture, "a page without the link is an error", "[discover][link-page]") {
    const Error error = failure("<a href=/x><a href=mailto:x@a.org><a href=/y>");
    CHECK(error.kind() == ErrorKind::protocol);
    CHECK(error.what() == kPage + ": none of its 2 links is like '*/data/all*.csv'");
}

TEST_CASE_METHOD(LinkFixture, "what is no page is the list itself", "[discover][link-page]") {
    const std::string text = GENERATE(as<std::string>{}, "ISIN\n", "", "PK\x03\x04");
    http.add(kPage, 200, text + std::string(0x500000, '\n'));
    CHECK(discover().url == kPage);
}

TEST_CASE_METHOD(LinkFixture, "a page of far too many tags is an error", "[discover][link-page]") {
    std::string page;
    for (int i = 0; i < 50'001; ++i) {
        page += "<b>";
    }
    const Error error = failure(page);
    CHECK(error.kind() == ErrorKind::data);
    CHECK_THAT(error.what(), StartsWith(kPage + ": a page of more than"));
}

TEST_CASE_METHOD(LinkFixture, "a page that is gone is an error", "[discover][link-page]") {
    http.add(kPage, 404);
    CHECK(failure().kind() == ErrorKind::gone);
}

TEST_CASE_METHOD(LinkFixture, "a page that moves elsewhere is an error", "[discover][link-page]") {
    http.add(kPage, {.response = {.status = 301, .location = "https://b.org/"}});
    CHECK_THAT(failure().what(), ContainsSubstring("host 'b.org' is not allowed"));
}

TEST_CASE_METHOD(LinkFixture, "a page is not endless", "[discover][link-page]") {
    CHECK(failure(std::string(0x400001, ' ')).kind() == ErrorKind::data);
}

TEST_CASE_METHOD(LinkFixture, "a link leads to known hosts only", "[discover][link-page]") {
    struct Case {
        const char* link;
        const char* why_not;  ///< empty: it is taken
    };
    // clang-format off
    const auto row = GENERATE(values<Case>({
        {"https://cdn.org/data/all.csv", ""},
        {"https://b.org/data/all.csv",   ": link to https://b.org/data/all.csv: host 'b.org' is not allowed: add it to redirect_hosts"},
        {"http://a.org/data/all.csv",    ": link to http://a.org/data/all.csv: http can be read and changed on its way: set allow_http to allow it"},
        {"file:///data/all.csv",         ": link to file:///data/all.csv: scheme 'file' is not allowed"},
    }));
    // clang-format on
    options.redirect_hosts = {"cdn.org"};
    const std::string html = "<a href='" + std::string(row.link) + "'>";
    if (std::string(row.why_not).empty()) {
        CHECK(discover(html).url == row.link);
    } else {
        const Error error = failure(html);
        CHECK(error.kind() == ErrorKind::protocol);
        CHECK(error.what() == kPage + row.why_not);
    }
}

TEST_CASE_METHOD(LinkFixture, "a page without a pattern is a mistake", "[discover][link-page]") {
    find.link = GENERATE("", "*{%Q}");
    CHECK(failure().kind() == ErrorKind::config);
    CHECK(http.requests.empty());
}
