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
    std::string known_url{};

    RemoteFile discover() {
        const auto files = find_discovery("link-page")
                               ->discover({.source = "shares",
                                           .url = kPage,
                                           .known_url = known_url,
                                           .find = find,
                                           .options = options},
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

TEST_CASE("links are ranked from the newest to the oldest", "[discover][link-page]") {
    struct Case {
        const char* pattern;
        std::vector<std::string> urls;
        const char* chosen;  ///< in their order
    };
    // clang-format off
    const auto row = GENERATE(values<Case>({
        {"*.csv",               {"x.pdf", "b.csv", "a.csv", "c.csv"},        "b.csv"},
        {"*{%Y%m%d}.csv",       {"20260103.csv", "20261101.csv", "20260201.csv"}, "20261101.csv 20260201.csv 20260103.csv"},
        {"*{%d%m%Y}.csv",       {"03012026.csv", "02012027.csv"},            "02012027.csv 03012026.csv"},
        {"*{%Y%m%d}.csv",       {"20261399.csv", "x.csv"},                   ""},
        {"*{%Y}_{n}.csv",       {"2026_9.csv", "2026_10.csv", "2025_11.csv"}, "2026_10.csv 2026_9.csv 2025_11.csv"},
        {"*_{n}.csv",           {"a_9.csv", "b_10.csv", "c_10.csv"},         "b_10.csv a_9.csv"},
        {"*a-b c{n}.csv",      {"a%2Db%20c1.csv", "a-b%20c2.csv"},          "a-b%20c2.csv a%2Db%20c1.csv"},
        {"*.csv",               {},                                          ""},
    }));
    // clang-format on
    CAPTURE(row.pattern);
    const auto links =
        ranked_links(UrlPattern::parse(row.pattern, UrlPattern::Star::is_any), row.urls);
    std::string found;
    for (const ChosenLink& link : links) {
        found += (found.empty() ? "" : " ") + link.url;
    }
    CHECK(found == row.chosen);
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
    http.add("https://a.org/downloads/a_2026-11-23.csv",
             {.response = {.status = 200, .content_type = "text/csv"}});
    const RemoteFile file = discover("<a href=a_2026-11-20.csv><a href=a_2026-11-23.csv>");
    CHECK(file.name == "a_2026-11-23.csv");
    CHECK(file.published == "2026-11-23T00:00:00Z");
}

TEST_CASE_METHOD(LinkFixture, "a link without its file leads to the next older", "[link-page]") {
    struct Case {
        HttpResponse newest;
        const char* body;
        const char* taken;
    };
    const auto row = GENERATE(values<Case>(
        {{{.status = 200, .content_type = "text/csv"}, "", "a_2026-11-23.csv"},
         {{.status = 404}, "", "a_2026-11-20.csv"},
         {{.status = 403}, "", "a_2026-11-20.csv"},
         {{.status = 200, .content_type = "text/html"}, "<html>", "a_2026-11-20.csv"}}));
    find.link = "*_{%Y-%m-%d}.csv";
    find.missing = {403};
    http.add("https://a.org/downloads/a_2026-11-23.csv",
             {.response = row.newest, .body = row.body});
    http.add("https://a.org/downloads/a_2026-11-20.csv",
             {.response = {.status = 200, .content_type = "x"}});
    CHECK(discover("<a href=a_2026-11-19.csv><a href=a_2026-11-20.csv><a href=a_2026-11-23.csv>")
              .name == row.taken);
}

TEST_CASE_METHOD(LinkFixture,
                 "a link that led to the list before is not asked about",
                 "[link-page]") {
    find.link = "*_{%Y-%m-%d}.csv";
    known_url = "https://a.org/downloads/a_2026-11-23.csv";
    CHECK(discover("<a href=a_2026-11-20.csv><a href=a_2026-11-23.csv>").name ==
          "a_2026-11-23.csv");
    CHECK(http.requests.size() == 1);
}

TEST_CASE_METHOD(LinkFixture, "links are found in the attributes named", "[discover][link-page]") {
    const std::string html =
        "<div data-url='/data/all.csv'>x</div><button DATA-HREF='data/all2.csv'><a href=/x>";
    find.attributes = {"data-href"};
    CHECK(discover(html).url == "https://a.org/downloads/data/all2.csv");
    find.attributes = {};
    CHECK(failure(html).kind() == ErrorKind::protocol);
}

TEST_CASE_METHOD(LinkFixture, "escapes in a link do not hide it", "[discover][link-page]") {
    struct Case {
        const char* pattern;
        const char* link;
    };
    const auto row = GENERATE(values<Case>({{"*/all-shares_*.csv", "/x/all%2Dshares%5f1.csv"},
                                            {"*/all%2Dshares*.csv", "/x/all-shares.csv"},
                                            {"*/all shares.csv", "/x/all%20shares.csv"},
                                            {"*/Börse.csv", "/x/B%C3%B6rse.csv"},
                                            {"*/100%.csv", "/x/100%25.csv"}}));
    CAPTURE(row.pattern);
    find.link = row.pattern;
    CHECK(discover("<a href='" + std::string(row.link) + "'>").url ==
          "https://a.org" + std::string(row.link));
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
