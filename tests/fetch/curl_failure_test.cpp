#include "fetch/curl_failure.hpp"

#include "support/catch.hpp"

#include <curl/curl.h>

using namespace isinfetch;

namespace {

constexpr Timestamp kNow = std::chrono::sys_days{std::chrono::year{2026} / 11 / 23};

struct FailureCase {
    CurlFailure failure;
    ErrorKind kind;
    const char* text;  ///< its beginning
};

}  // namespace

TEST_CASE("whose fault it is tells how far the transfer had come", "[curl]") {
    // clang-format off
    const auto row = GENERATE(values<FailureCase>({
        {{CURLE_OUT_OF_MEMORY, "", false, false, 0},            ErrorKind::os,        "Out of memory"},
        {{CURLE_OUT_OF_MEMORY, "", true, false, 3},             ErrorKind::protocol,  "line 4 of the header of its answer is longer"},
        {{CURLE_OUT_OF_MEMORY, "", true, true, 3},              ErrorKind::protocol,  "a trailer behind the body of its answer is longer"},
        {{CURLE_BAD_FUNCTION_ARGUMENT, "", true, true, 3},      ErrorKind::protocol,  "a trailer behind the body of its answer is malformed"},
        {{CURLE_HTTP2_STREAM, "HTTP/2 stream 1 was not closed cleanly: PROTOCOL_ERROR (err 1)", true, false, 0},
         ErrorKind::protocol, "HTTP/2 stream 1 was not closed cleanly: PROTOCOL_ERROR (err 1): its answer breaks the rules of HTTP/2"},
        {{CURLE_HTTP2, "COMPRESSION_ERROR", true, false, 0},    ErrorKind::protocol,  "COMPRESSION_ERROR: its answer breaks"},
        {{CURLE_HTTP2_STREAM, "INTERNAL_ERROR (err 2)", true, false, 0}, ErrorKind::temporary, "INTERNAL_ERROR (err 2)"},
        {{CURLE_HTTP2_STREAM, "REFUSED_STREAM (err 7)", true, true, 0},  ErrorKind::temporary, "REFUSED_STREAM (err 7)"},
        {{.code = CURLE_GOT_NOTHING, .text = "Empty reply", .was_asked = true}, ErrorKind::temporary, "Empty reply"},
        {{.code = CURLE_GOT_NOTHING, .text = "Empty reply", .was_asked = true, .over_http2 = true}, ErrorKind::protocol, "Empty reply: its answer breaks"},
        {{.code = CURLE_GOT_NOTHING, .text = "Empty reply", .over_http2 = true}, ErrorKind::temporary, "Empty reply"},
        {{.code = CURLE_GOT_NOTHING, .text = "Empty reply", .was_asked = true, .over_http2 = true, .was_refused = true}, ErrorKind::temporary, "Empty reply"},
        {{.code = CURLE_RECV_ERROR, .text = "nghttp2_session_mem_recv() returned -905", .was_asked = true, .over_http2 = true}, ErrorKind::protocol, "nghttp2"},
        {{CURLE_RECV_ERROR, "Too large response headers: 9 > 8", true, false, 3}, ErrorKind::protocol, "line 4 of the header of its answer is longer than libcurl takes: no web server's header is (Too large"},
        {{CURLE_RECV_ERROR, "Out of memory in chunked-encoding", true, true, 3}, ErrorKind::protocol, "a trailer behind the body of its answer is longer"},
        {{CURLE_RECV_ERROR, "PROTOCOL_ERROR", true, true, 0},   ErrorKind::temporary, "PROTOCOL_ERROR"},
        {{CURLE_OPERATION_TIMEDOUT, "timed out", true, true, 3, false, "network.total_timeout is 20m"}, ErrorKind::temporary, "timed out (network.total_timeout is 20m)"},
        {{CURLE_OPERATION_TIMEDOUT, "too slow", true, true, 3}, ErrorKind::temporary, "too slow"},
        {{CURLE_BAD_FUNCTION_ARGUMENT, "", false, false, 0},    ErrorKind::internal,  "A libcurl function"},
        {{CURLE_BAD_FUNCTION_ARGUMENT, "", true, false, 1},     ErrorKind::protocol,  "line 2 of the header of its answer is malformed"},
        {{100, "", true, false, 1}, ErrorKind::protocol, "line 2 of the header of its answer is longer"},
        {{CURLE_WEIRD_SERVER_REPLY, "odd", true, false, 1},     ErrorKind::protocol,  "line 2 of the header of its answer is malformed: this is no answer of a web server (odd)"},
        {{CURLE_RECV_ERROR, "reset", true, false, 1},           ErrorKind::temporary, "reset"},
        {{CURLE_SSL_CONNECT_ERROR, "SSL_ERROR_SYSCALL", false, false, 0}, ErrorKind::temporary, "SSL_ERROR_SYSCALL"},
        {{CURLE_SSL_CONNECT_ERROR, "wrong version", false, false, 0},     ErrorKind::protocol,  "wrong version"},
    }));
    // clang-format on
    CAPTURE(row.failure.code, row.failure.was_asked, row.failure.has_answer);
    CHECK(kind_of(row.failure) == row.kind);
    CHECK_THAT(describe(row.failure, kNow), StartsWith(row.text));
}

TEST_CASE("a certificate out of date may be a clock that is wrong", "[curl]") {
    const std::string hint = "(this host's clock says 2026-11-23T00:00:00Z: is that right?)";
    struct Case {
        int code;
        const char* text;
        bool has_hint;
    };
    const auto row = GENERATE(values<Case>(
        {{CURLE_PEER_FAILED_VERIFICATION, "certificate problem: certificate has expired", true},
         {CURLE_PEER_FAILED_VERIFICATION,
          "certificate problem: certificate is not yet valid",
          true},
         {CURLE_PEER_FAILED_VERIFICATION, "certificate problem: self-signed certificate", false},
         {CURLE_RECV_ERROR, "certificate has expired", false}}));
    const std::string text = describe({.code = row.code, .text = row.text}, kNow);
    CHECK_THAT(text, StartsWith(row.text));
    CHECK((text.find(hint) != std::string::npos) == row.has_hint);
}
