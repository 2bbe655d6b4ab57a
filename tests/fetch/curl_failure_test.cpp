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
        {{CURLE_OUT_OF_MEMORY, "", true, true, 3},              ErrorKind::os,        "Out of memory"},
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
