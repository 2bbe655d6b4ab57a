#include "discover/discovery.hpp"
#include "parse/whole_file.hpp"
#include "support/catch.hpp"
#include "support/fake_http.hpp"
#include "support/fetch_fixture.hpp"
#include "util/error.hpp"
#include "util/file.hpp"
#include "util/text.hpp"

#include <string>
#include <vector>

using namespace isinfetch;

namespace {

const std::string kUrl = "https://a.org/list?page={page}&from={row}";

/// One row per line, but for those of JSON's braces.
ParseSummary count_lines(ByteSource& input, const ParseOptions& /*options*/, const RecordSink&) {
    std::string text(10'000, '\0');
    text.resize(input.read(text));
    ParseSummary summary;
    for (const std::string_view line : split(text, '\n')) {
        summary.rows += line.empty() || line.starts_with('{') ? 0U : 1U;
    }
    if (text.starts_with("bad")) {
        fail(ErrorKind::data, "no such format");
    }
    return summary;
}

ParseSummary count_lines_of(const WholeFile& file,
                            const ParseOptions& options,
                            const RecordSink& sink) {
    FileSource source(file.path());
    return count_lines(source, options, sink);
}

constexpr Format kLines{.name = "test", .summary = "", .parse = count_lines};
constexpr Format kWhole{.name = "whole", .summary = "", .parse_whole = count_lines_of};

struct PagedFixture : test::FetchFixture {
    test::FakeHttp http;
    FindOptions find{};
    ParseOptions parse{};
    const Format* format = &kLines;

    void page(int number, int from, const std::string& body) {
        http.add(
            "https://a.org/list?page=" + std::to_string(number) + "&from=" + std::to_string(from),
            200,
            body);
    }

    std::vector<RemoteFile> discover(const std::string& url = kUrl) {
        return find_discovery("paged")->discover({.source = "shares",
                                                  .url = url,
                                                  .find = find,
                                                  .format = format,
                                                  .parse = &parse,
                                                  .options = options},
                                                 environment(http),
                                                 trace);
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

    /// The bytes of all files, as the archive has them.
    std::string bytes(const std::vector<RemoteFile>& files) const {
        std::string all;
        for (const RemoteFile& file : files) {
            const auto path = archive.find(file.sha256);
            REQUIRE(path);
            all += read_file(*path);
        }
        return all;
    }
};

/// A page of JSON in which a total is announced.
std::string announcing(int total, const std::string& rows) {
    return "{\"data\": {\"count\": " + std::to_string(total) + "}}\n" + rows;
}

}  // namespace

TEST_CASE_METHOD(PagedFixture, "pages are read until one has no row", "[discover][paged]") {
    page(1, 0, "a\nb\n");
    page(2, 2, "c\n");
    page(3, 3, "{}\n");
    const auto files = discover();
    REQUIRE(files.size() == 2);
    CHECK(bytes(files) == "a\nb\nc\n");
    CHECK(files[1].name == "list, page 2");
    CHECK(files[1].url == "https://a.org/list?page=2&from=2");
    CHECK(files[1].part == 2);
    CHECK(files[1].parts == 2);
    CHECK(files[1].bytes == 2);
    CHECK(http.requests.size() == 3);
}

TEST_CASE_METHOD(PagedFixture,
                 "pages may be of a format that needs whole files",
                 "[discover][paged]") {
    format = &kWhole;
    page(1, 0, "a\nb\n");
    page(2, 2, "{}\n");
    CHECK(discover().size() == 1);
}

TEST_CASE_METHOD(PagedFixture, "pages are counted from where they begin", "[discover][paged]") {
    find.first = 0;
    page(0, 0, "a\n");
    page(1, 1, "{}\n");
    CHECK(discover().size() == 1);
}

TEST_CASE_METHOD(PagedFixture, "a list without a row is one page", "[discover][paged]") {
    page(1, 0, "{}\n");
    CHECK(discover().size() == 1);
}

TEST_CASE_METHOD(PagedFixture, "a URL without a page is the list", "[discover][paged]") {
    http.add("https://a.org/list.csv", 200, "a\nb\n");
    const auto files = discover("https://a.org/list.csv");
    REQUIRE(files.size() == 1);
    CHECK(files[0].name == "list.csv");
    CHECK(http.requests.size() == 1);
}

TEST_CASE_METHOD(PagedFixture, "an announced total ends the pages", "[discover][paged]") {
    find.total = "data.count";
    page(1, 0, announcing(3, "a\nb\n"));
    page(2, 2, announcing(3, "c\n"));
    CHECK(discover().size() == 2);
    CHECK(http.requests.size() == 2);
}

TEST_CASE_METHOD(PagedFixture, "fewer rows than announced are no list", "[discover][paged]") {
    find.total = "data.count";
    page(1, 0, announcing(3, "a\nb\n"));
    page(2, 2, announcing(3, ""));
    const Error error = failure();
    CHECK(error.kind() == ErrorKind::temporary);
    CHECK(error.what() == kUrl + ": announces 3 rows and gives 2");
}

TEST_CASE_METHOD(PagedFixture, "more rows than announced are no list", "[discover][paged]") {
    find.total = "data.count";
    page(1, 0, announcing(1, "a\nb\n"));
    CHECK(failure().kind() == ErrorKind::temporary);
}

TEST_CASE_METHOD(PagedFixture, "pages are read anew when their total moves", "[discover][paged]") {
    find.total = "data.count";
    page(1, 0, announcing(3, "a\nb\n"));
    page(1, 0, announcing(4, "a\nb\n"));
    page(2, 2, announcing(4, "c\nd\n"));
    const auto files = discover();
    REQUIRE(files.size() == 2);
    CHECK(files[0].parts == 2);
    CHECK(http.requests.size() == 4);
}

TEST_CASE_METHOD(PagedFixture, "a total that never rests is an error", "[discover][paged]") {
    find.total = "data.count";
    for (int i = 0; i < 3; ++i) {
        page(1, 0, announcing(10 + i, "a\nb\n"));
        page(2, 2, announcing(20 + i, "c\nd\n"));
    }
    const Error error = failure();
    CHECK(error.kind() == ErrorKind::temporary);
    CHECK_THAT(error.what(), ContainsSubstring("changed 3 times"));
}

TEST_CASE_METHOD(PagedFixture, "a total that is not announced is an error", "[discover][paged]") {
    find.total = "data.total";
    page(1, 0, announcing(3, "a\n"));
    const Error error = failure();
    CHECK(error.kind() == ErrorKind::protocol);
    CHECK_THAT(error.what(), ContainsSubstring("page=1&from=0: no number at 'data.total'"));
}

TEST_CASE_METHOD(PagedFixture, "a page that comes again is an error", "[discover][paged]") {
    page(1, 0, "a\nb\n");
    page(2, 2, "a\nb\n");
    const Error error = failure();
    CHECK(error.kind() == ErrorKind::protocol);
    CHECK_THAT(error.what(), ContainsSubstring("page=2&from=2: the same as the page before"));
}

TEST_CASE_METHOD(PagedFixture, "pages without end are not followed", "[discover][paged]") {
    find.limit = 3;
    for (int i = 0; i < 5; ++i) {
        page(i + 1, i, std::to_string(i) + "\n");
    }
    const Error error = failure();
    CHECK(error.kind() == ErrorKind::protocol);
    CHECK(error.what() == kUrl + ": 3 pages and no end: raise find.limit if that is right");
    CHECK(http.requests.size() == 3);
}

TEST_CASE_METHOD(PagedFixture, "a page that fails makes the list fail", "[discover][paged]") {
    struct Case {
        int status;
        const char* body;
        ErrorKind kind;
    };
    const auto row = GENERATE(values<Case>({{404, "", ErrorKind::gone},
                                            {200, "<html><title>x</title>", ErrorKind::protocol},
                                            {200, "", ErrorKind::data},
                                            {200, "bad\n", ErrorKind::data},
                                            {500, "", ErrorKind::temporary}}));
    page(1, 0, "a\n");
    http.add("https://a.org/list?page=2&from=1", row.status, row.body);
    const Error error = failure();
    CHECK(error.kind() == row.kind);
    CHECK_THAT(error.what(), StartsWith("https://a.org/list?page=2&from=1: "));
}
