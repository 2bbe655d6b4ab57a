// What download() makes of bytes that an earlier attempt or run left behind.
#include "fetch/download.hpp"
#include "fetch/partial_file.hpp"
#include "support/catch.hpp"
#include "support/fake_http.hpp"
#include "support/fetch_fixture.hpp"
#include "util/digest.hpp"
#include "util/error.hpp"
#include "util/file.hpp"
#include "util/json.hpp"

#include <fstream>
#include <vector>

using namespace isinfetch;

namespace {

const std::string kUrl = "https://a.org/list.csv";
const std::string kStart = "ISIN\nUS03";
const std::string kRest = "78331005\n";
const std::string kDate = "Mon, 23 Nov 2026 05:17:02 GMT";
const Error kCut(ErrorKind::temporary, kUrl + ": connection reset");

struct ResumeFixture : test::FetchFixture {
    test::FakeHttp http;

    void add(HttpResponse response, std::string body = {}, std::optional<Error> error = {}) {
        http.add(kUrl, {std::move(response), std::move(body), std::move(error)});
    }

    /// The rest of a version, with what the server says of it.
    void add_rest(const std::string& etag = "\"1\"", const std::string& last_modified = {}) {
        add({.status = 206,
             .etag = etag,
             .last_modified = last_modified,
             .content_range = "bytes 9-17/18"},
            kRest);
    }

    std::filesystem::path partial() const { return archive.partial("test", kUrl); }
    std::filesystem::path meta() const { return partial().native() + ".meta"; }

    /// As if a process had been killed in the middle of a download.
    void leave(const std::string& bytes,
               const std::string& etag,
               const std::string& last_modified = {},
               const std::string& url = kUrl,
               const std::string& length = {}) const {
        std::filesystem::create_directories(partial().parent_path());
        std::ofstream(partial()) << bytes;
        std::ofstream(meta()) << json_object(
            {{"url_sha256", hex_digest(Digest::Algorithm::sha256, url)},
             {"etag", etag},
             {"last_modified", last_modified},
             {"length", length}});
    }

    Download get(const std::string& checksum = {}) {
        return fetch(http, {.url = kUrl, .checksum = checksum});
    }

    const HttpRequest& request(std::size_t number) const { return http.requests.at(number); }

    void check_whole(const Download& result) const {
        CHECK(read_file(result.path) == kStart + kRest);
        CHECK(result.sha256 == hex_digest(Digest::Algorithm::sha256, kStart + kRest));
        CHECK(result.bytes == 18);
        CHECK(std::filesystem::is_empty(partial().parent_path()));
    }
};

struct RangeCase {
    const char* text;
    const char* expected;  // "" for none
};

}  // namespace

TEST_CASE_METHOD(ResumeFixture, "what is whole is asked for only if it changed", "[resume]") {
    leave(kStart + kRest, "\"1\"", kDate, kUrl, "18");
    SECTION("and taken if not") {
        add({.status = 304});
        check_whole(get());
    }
    SECTION("and replaced if so") {
        add({.status = 200, .etag = "\"2\""}, kStart + kRest);
        check_whole(get());
    }
    CHECK(request(0).etag == "\"1\"");
    CHECK(request(0).last_modified == kDate);
    CHECK(request(0).resume_from == 0);
    CHECK(http.requests.size() == 1);
}

TEST_CASE_METHOD(ResumeFixture, "a file is noted before it is archived", "[resume]") {
    add({.status = 200, .etag = "\"1\""}, kStart + kRest);
    std::vector<std::string> noted;
    on_verified = [&](const Download& got) {
        CHECK_FALSE(std::filesystem::exists(got.path));
        noted.push_back(got.sha256);
    };
    check_whole(get());
    CHECK(noted == std::vector{hex_digest(Digest::Algorithm::sha256, kStart + kRest)});
}

TEST_CASE_METHOD(ResumeFixture, "a cut download goes on where it stopped", "[resume]") {
    add({.status = 200, .etag = "\"1\"", .last_modified = kDate}, kStart, kCut);
    add_rest();
    const Download result = get("md5:" + hex_digest(Digest::Algorithm::md5, kStart + kRest));
    check_whole(result);
    CHECK(result.etag == "\"1\"");
    CHECK(result.last_modified == kDate);
    CHECK(trace.attempts == 2);
    CHECK(request(1).resume_from == 9);
    CHECK(request(1).resume_if == "\"1\"");
}

TEST_CASE_METHOD(ResumeFixture, "a weak ETag cannot resume, a date can", "[resume]") {
    add({.status = 200, .etag = "W/\"1\"", .last_modified = kDate}, kStart, kCut);
    add_rest("W/\"1\"", kDate);
    check_whole(get());
    CHECK(request(1).resume_if == kDate);
}

TEST_CASE_METHOD(ResumeFixture, "without validators a cut download begins anew", "[resume]") {
    const std::string etag = GENERATE("", "W/\"1\"");
    add({.status = 200, .etag = etag}, kStart, kCut);
    http.add(kUrl, 200, kStart + kRest);
    check_whole(get());
    CHECK(request(1).resume_from == 0);
    CHECK(request(1).resume_if.empty());
}

TEST_CASE_METHOD(ResumeFixture, "what a killed run left is taken up by the next", "[resume]") {
    leave(kStart, "\"1\"");
    add_rest();
    check_whole(get());
    CHECK(request(0).resume_from == 9);
    CHECK(request(0).resume_if == "\"1\"");
}

TEST_CASE_METHOD(ResumeFixture, "a failed run leaves what the next can take up", "[resume]") {
    options.retry.attempts = 1;
    add({.status = 200, .etag = "\"1\""}, kStart, kCut);
    add_rest();
    CHECK_THROWS_AS(get(), Error);
    CHECK(read_file(partial()) == kStart);
    check_whole(get());
}

TEST_CASE_METHOD(ResumeFixture, "a failed run leaves nothing that none can take up", "[resume]") {
    options.retry.attempts = 1;
    add({.status = 200}, kStart, kCut);
    CHECK_THROWS_AS(get(), Error);
    CHECK(std::filesystem::is_empty(partial().parent_path()));
}

TEST_CASE_METHOD(ResumeFixture, "what is worth keeping after a failure", "[resume]") {
    struct Case {
        int status;
        bool is_kept;
        const char* why;
    };
    const auto row = GENERATE(values<Case>({{403, true, "shut out for a while"},
                                            {401, true, "credentials can be set right"},
                                            {429, true, "not now"},
                                            {503, true, "not now"},
                                            {404, false, "gone for good"},
                                            {400, false, "never as it is asked"}}));
    CAPTURE(row.status, row.why);
    options.retry.attempts = 2;
    add({.status = 200, .etag = "\"1\""}, kStart, kCut);
    add({.status = row.status});
    CHECK_THROWS_AS(get(), Error);
    CHECK(std::filesystem::exists(partial()) == row.is_kept);
}

TEST_CASE_METHOD(ResumeFixture, "a full disk is relieved of the partial file", "[resume]") {
    add({.status = 200, .etag = "\"1\""}, kStart, Error(ErrorKind::io, "no space left on device"));
    CHECK_THROWS_AS(get(), Error);
    CHECK(std::filesystem::is_empty(partial().parent_path()));
    CHECK(naps.empty());
}

TEST_CASE_METHOD(ResumeFixture, "a file that has changed since begins anew", "[resume]") {
    leave("old bytes", "\"0\"");
    add({.status = 200, .etag = "\"1\""}, kStart + kRest);
    const Download result = get();
    check_whole(result);
    CHECK(result.etag == "\"1\"");
    CHECK(trace.attempts == 1);
}

TEST_CASE_METHOD(ResumeFixture, "416 begins anew at once", "[resume]") {
    leave("bytes of a longer file", "\"0\"");
    add({.status = 416, .content_range = "bytes */18"});
    add({.status = 200}, kStart + kRest);
    check_whole(get());
    CHECK(request(1).resume_from == 0);
    CHECK(naps.empty());
}

TEST_CASE_METHOD(ResumeFixture, "a 206 that does not fit begins anew at once", "[resume]") {
    const HttpResponse wrong =
        GENERATE(HttpResponse{.status = 206, .content_range = "bytes 8-17/18"},
                 HttpResponse{.status = 206, .content_range = "bytes 0-17/18"},
                 HttpResponse{.status = 206, .content_range = "nonsense"},
                 HttpResponse{.status = 206},
                 HttpResponse{.status = 206, .content_range = "bytes 9-17/18"},
                 HttpResponse{.status = 206, .etag = "\"1\"", .content_range = "bytes 9-18/18"});
    CAPTURE(wrong.content_range, wrong.etag);
    leave(kStart, "\"1\"");
    add(wrong, kRest);
    add({.status = 200}, kStart + kRest);
    check_whole(get());
    CHECK(request(1).resume_from == 0);
    CHECK(naps.empty());
}

TEST_CASE_METHOD(ResumeFixture, "a piece of another version is never taken", "[resume]") {
    const std::string later = "Tue, 24 Nov 2026 05:17:02 GMT";
    struct Version {
        std::string etag;
        std::string last_modified;
        std::string total;  ///< "": no Content-Length, and "*" in a range
    };
    struct Case {
        Version first;
        Version second;
        bool fits;
    };
    // clang-format off
    const auto row = GENERATE_COPY(values<Case>({
        {{"\"1\"", kDate, "18"}, {"\"1\"", kDate, "18"}, true},
        {{"\"1\"", kDate, "18"}, {"\"1\"", "",    "*"},  true},
        {{"\"1\"", "",    ""},   {"\"1\"", kDate, "18"}, true},
        {{"",      kDate, "18"}, {"",      kDate, "18"}, true},
        {{"W/\"1\"", kDate, ""}, {"W/\"1\"", kDate, "18"}, true},
        {{"\"1\"", kDate, "18"}, {"\"2\"", kDate, "18"}, false},
        {{"\"1\"", kDate, "18"}, {"\"1\"", later, "18"}, false},
        {{"\"1\"", kDate, "18"}, {"\"1\"", kDate, "19"}, false},
        {{"\"1\"", kDate, "18"}, {"",      kDate, "18"}, false},
        {{"\"1\"", kDate, "18"}, {"W/\"1\"", kDate, "18"}, false},
        {{"\"1\"", kDate, "18"}, {"",      "",    "18"}, false},
        {{"",      kDate, "18"}, {"",      later, "18"}, false},
        {{"",      kDate, "18"}, {"",      "",    "18"}, false},
        {{"",      kDate, "18"}, {"",      kDate, "17"}, false},
        {{"W/\"1\"", kDate, "18"}, {"W/\"2\"", kDate, "18"}, false},
        {{"\"1\"", kDate, ""},   {"\"1\"", kDate, "*"},  false},
    }));
    // clang-format on
    CAPTURE(row.first.etag, row.second.etag, row.second.last_modified, row.second.total);
    HttpResponse first{
        .status = 200, .etag = row.first.etag, .last_modified = row.first.last_modified};
    if (!row.first.total.empty()) {
        first.content_length = std::stoul(row.first.total);
    }
    const bool in_two_runs = GENERATE(false, true);
    CAPTURE(in_two_runs);
    add(first, kStart, kCut);
    add({.status = 206,
         .etag = row.second.etag,
         .last_modified = row.second.last_modified,
         .content_range = "bytes 9-17/" + row.second.total},
        row.fits ? kRest : "of another");
    add({.status = 200}, kStart + kRest);
    if (in_two_runs) {
        options.retry.attempts = 1;
        CHECK_THROWS_AS(get(), Error);
        REQUIRE(read_file(partial()) == kStart);
    }
    check_whole(get());
    CHECK(http.requests.size() == (row.fits ? 2 : 3));
}

TEST_CASE_METHOD(ResumeFixture, "what only a piece told holds for the next", "[resume]") {
    add({.status = 200, .etag = "\"1\""}, "ISIN", kCut);
    add({.status = 206, .etag = "\"1\"", .content_range = "bytes 4-8/19"}, kStart.substr(4), kCut);
    options.retry.attempts = 2;
    CHECK_THROWS_AS(get(), Error);
    http = {};
    add_rest();
    add({.status = 200}, kStart + kRest);
    check_whole(get());
    CHECK(request(0).resume_from == 9);
    CHECK(request(1).resume_from == 0);
}

TEST_CASE_METHOD(ResumeFixture, "more than was announced is not gone on with", "[resume]") {
    leave(kStart, "\"1\"");
    add({.status = 206, .etag = "\"1\"", .content_range = "bytes 9-17/18"}, kRest + "\n");
    add({.status = 200}, kStart + kRest);
    check_whole(get());
    CHECK(request(1).resume_from == 0);
}

TEST_CASE_METHOD(ResumeFixture, "a 206 to a request for the whole file is wrong", "[resume]") {
    add({.status = 206, .content_range = "bytes 0-17/18"}, kStart + kRest);
    try {
        get();
        FAIL("succeeded");
    } catch (const Error& error) {
        CHECK(error.kind() == ErrorKind::protocol);
    }
}

TEST_CASE_METHOD(ResumeFixture, "a server may send the rest in pieces", "[resume]") {
    leave("ISIN", "\"1\"");
    add({.status = 206, .etag = "\"1\"", .content_range = "bytes 4-8/18"}, kStart.substr(4));
    add_rest();
    check_whole(get());
    CHECK(request(1).resume_from == 9);
}

TEST_CASE_METHOD(ResumeFixture, "only bytes with a fitting description are taken up", "[resume]") {
    SECTION("not without one") {
        leave("junk", "\"1\"");
        std::filesystem::remove(meta());
    }
    SECTION("not with a damaged one") {
        leave("junk", "\"1\"");
        std::ofstream(meta()) << "{\"url\":";
    }
    SECTION("not with one of another URL") {
        leave("junk", "\"1\"", "", "https://a.org/other.csv");
    }
    SECTION("not with one that cannot be sent as a condition") {
        leave("junk", "W/\"1\"");
    }
    SECTION("not when there are none") {
        leave("", "\"1\"");
    }
    add({.status = 200}, kStart + kRest);
    check_whole(get());
    CHECK(request(0).resume_from == 0);
}

TEST_CASE_METHOD(ResumeFixture, "unchanged means that the rest is not wanted", "[resume]") {
    leave(kStart, "\"2\"");
    validators.etag = "\"1\"";
    http.add(kUrl, 304);
    CHECK(get().unchanged);
    CHECK(request(0).etag == "\"1\"");
    CHECK(request(0).resume_if == "\"2\"");
    CHECK(std::filesystem::is_empty(partial().parent_path()));
}

TEST_CASE_METHOD(ResumeFixture, "a wrong checksum after resuming begins anew", "[resume]") {
    leave("XXXX\nXXXX", "\"1\"");
    add_rest();
    add({.status = 200}, kStart + kRest);
    check_whole(get("sha256:" + hex_digest(Digest::Algorithm::sha256, kStart + kRest)));
}

TEST_CASE_METHOD(ResumeFixture, "max_bytes counts what was there before", "[resume]") {
    options.max_bytes = 17;
    leave(kStart, "\"1\"");
    add_rest();
    try {
        get();
        FAIL("succeeded");
    } catch (const Error& error) {
        CHECK(error.kind() == ErrorKind::data);
    }
}

TEST_CASE("Content-Range says which bytes of how many", "[resume]") {
    const auto row = GENERATE(values<RangeCase>({{"bytes 100-199/200", "100 199 200"},
                                                 {"Bytes 0-0/*", "0 0 *"},
                                                 {"bytes  1 - 2 / 3 ", "1 2 3"},
                                                 {"bytes */200", ""},
                                                 {"bytes 2-1/3", ""},
                                                 {"bytes 1-2", ""},
                                                 {"bytes 1/2-3", ""},
                                                 {"bytes -1/2", ""},
                                                 {"bytes 1-2/x", ""},
                                                 {"bytes 99999999999999999999-1/2", ""},
                                                 {"items 1-2/3", ""},
                                                 {"-/", ""},
                                                 {"", ""}}));
    CAPTURE(row.text);
    const auto range = ContentRange::parse(row.text);
    std::string found;
    if (range) {
        const std::string total = range->total ? std::to_string(*range->total) : "*";
        found = std::to_string(range->first) + " " + std::to_string(range->last) + " " + total;
    }
    CHECK(found == row.expected);
}
