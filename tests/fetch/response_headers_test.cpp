#include "fetch/response_headers.hpp"

#include "support/catch.hpp"

using namespace isinfetch;
using std::chrono::seconds;

namespace {

constexpr Timestamp kNow = std::chrono::sys_days{std::chrono::year{2026} / 11 / 23};

HttpResponse take(std::initializer_list<const char*> lines) {
    HttpResponse response;
    for (const char* const line : lines) {
        take_header_line(response, line, kNow);
    }
    return response;
}

struct RetryAfterCase {
    const char* text;
    std::optional<seconds> expected;
    const char* why;
};

}  // namespace

TEST_CASE("the fields that matter are read whatever their case", "[headers]") {
    const HttpResponse response = take({"HTTP/2 206 \r\n",
                                        "etag: \"a:b\"\r\n",
                                        "LAST-MODIFIED:  Mon, 23 Nov 2026 05:17:02 GMT\r\n",
                                        "Content-Type: text/csv\r\n",
                                        "Content-Encoding: BR\r\n",
                                        "Content-Encoding: identity\r\n",
                                        "content-encoding: gzip\r\n",
                                        "Content-Range: bytes 1-2/3\r\n",
                                        "Retry-After: 7\r\n",
                                        "no colon\r\n",
                                        "X-Etag: other\r\n",
                                        "\r\n"});
    CHECK(response.status == 206);
    CHECK(response.etag == "\"a:b\"");
    CHECK(response.last_modified == "Mon, 23 Nov 2026 05:17:02 GMT");
    CHECK(response.content_type == "text/csv");
    CHECK(response.content_coding == "br, gzip");
    CHECK(response.content_range == "bytes 1-2/3");
    CHECK(response.retry_after == seconds{7});
}

TEST_CASE("a new status line forgets what a proxy or a 1xx said", "[headers]") {
    const HttpResponse response =
        take({"HTTP/1.1 103 Early Hints\r\n", "ETag: \"old\"\r\n", "\r\n", "HTTP/1.1 200 OK\r\n"});
    CHECK(response.status == 200);
    CHECK(response.etag.empty());
}

TEST_CASE("a status is a number without a sign", "[headers]") {
    CHECK(take({"HTTP/2 -03\r\n"}).status == 0);
    CHECK(take({"HTTP/1.1 +20 OK\r\n"}).status == 0);
}

TEST_CASE("a status line without a status, or with a longer one", "[headers]") {
    CHECK(take({"HTTP/1.1\r\n"}).status == 0);
    CHECK(take({"HTTP/1.1 2000\r\n"}).status == 200);
}

TEST_CASE("a field needs a colon, but no blank", "[headers]") {
    CHECK(take({"ETag"}).etag.empty());
    CHECK(take({"ETag:\"x\"\r\n"}).etag == "\"x\"");
}

TEST_CASE("a length is a whole number", "[headers]") {
    CHECK(take({"Content-Length: 12\r\n"}).content_length == 12U);
    for (const char* const line :
         {"Content-Length: 12x\r\n", "Content-Length:\r\n", "Content-Length: -1\r\n"}) {
        CAPTURE(line);
        CHECK_FALSE(take({line}).content_length);
    }
}

TEST_CASE("a coding without a name is none", "[headers]") {
    CHECK(take({"Content-Encoding: gzip\r\n", "Content-Encoding: \r\n"}).content_coding == "gzip");
}

TEST_CASE("Retry-After comes in two forms", "[headers]") {
    // clang-format off
    const auto row = GENERATE(values<RetryAfterCase>({
        {"120",                           seconds{120},               "seconds"},
        {" 0 ",                           seconds{0},                 "now"},
        {"Mon, 23 Nov 2026 00:02:00 GMT", seconds{120},               "a date"},
        {"Sun, 22 Nov 2026 00:02:00 GMT", seconds{0},                 "in the past"},
        {"99999999999999999999",          std::chrono::days{366},     "no overflow"},
        {"Fri, 01 Jan 2100 00:00:00 GMT", std::chrono::days{366},     "not that long"},
        {"-5",                            std::nullopt,               "no number of seconds"},
        {"1.5",                           std::nullopt,               "nor this"},
        {"soon",                          std::nullopt,               "nor a date"},
        {"",                              std::nullopt,               "nothing"},
    }));
    // clang-format on
    CAPTURE(row.text, row.why);
    CHECK(parse_retry_after(row.text, kNow) == row.expected);
}
