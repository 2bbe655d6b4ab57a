#include "fetch/curl_failure.hpp"

#include "fetch/tls_fault.hpp"
#include "util/text.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <array>

namespace isinfetch {

namespace {

constexpr int kTooLarge = 100;  // CURLE_TOO_LARGE, since 8.6

bool has(std::string_view text, std::string_view words) {
    return text.find(words) != std::string_view::npos;
}

/// Some of libcurl's limits only show in its words.
bool is_too_long(const CurlFailure& failure) {
    return failure.code == CURLE_OUT_OF_MEMORY || failure.code == kTooLarge ||
           (failure.code == CURLE_RECV_ERROR &&
            (has(failure.text, "Too large response headers") ||
             has(failure.text, "Out of memory in chunked-encoding")));
}

/// Error codes of HTTP/2 by which either side says that the other broke the rules, as they stand in
/// libcurl's text. Source: RFC 9113 §7; what else it names (REFUSED_STREAM, INTERNAL_ERROR,
/// ENHANCE_YOUR_CALM …) may be over soon.
constexpr std::array<std::string_view, 6> kBrokenRules{"PROTOCOL_ERROR",
                                                       "FLOW_CONTROL_ERROR",
                                                       "STREAM_CLOSED",
                                                       "FRAME_SIZE_ERROR",
                                                       "COMPRESSION_ERROR",
                                                       "INADEQUATE_SECURITY"};

bool names_broken_rule(std::string_view text) {
    return std::any_of(kBrokenRules.begin(), kBrokenRules.end(), [&](std::string_view name) {
        return has(text, name);
    });
}

/// What breaks the rules for the whole connection ends it, and looks like no answer at all; a
/// server that just goes away is told of in other ways.
bool is_bad_http2(const CurlFailure& failure) {
    switch (failure.code) {
        case CURLE_HTTP2:
        case CURLE_HTTP2_STREAM:
            return names_broken_rule(failure.text);
        case CURLE_GOT_NOTHING:
            return failure.over_http2 && failure.was_asked && !failure.was_refused;
        case CURLE_RECV_ERROR:
            return failure.over_http2 && has(failure.text, "nghttp2_session_mem_recv() returned");
        default:
            return false;
    }
}

/// A line that libcurl refuses is a "bad function argument" of its own parser, and one that is
/// longer than its buffer is "out of memory" (7.88) or "too large" (8.6). Once a request is on its
/// way nothing else gives these: libcurl allocates little, and the system always says yes.
bool is_bad_header(const CurlFailure& failure) {
    const ErrorKind kind = kind_of_code(failure.code);
    const bool in_header = failure.was_asked && !failure.has_answer;
    return (in_header && failure.code == CURLE_WEIRD_SERVER_REPLY) ||
           (failure.was_asked &&
            (is_too_long(failure) || kind == ErrorKind::internal || kind == ErrorKind::os));
}

bool is_out_of_date(std::string_view text) {
    return has(text, "not yet valid") || has(text, "expired");
}

std::string describe_bad_header(const CurlFailure& failure) {
    const std::string where =
        failure.has_answer
            ? "a trailer behind the body of its answer"
            : fmt::format("line {} of the header of its answer", failure.header_lines + 1);
    std::string text =
        fmt::format("{} is {}",
                    where,
                    is_too_long(failure) ? "longer than libcurl takes: no web server's header is"
                                         : "malformed: this is no answer of a web server");
    if (!failure.text.empty()) {
        text += fmt::format(" ({})", printable(failure.text, CURL_ERROR_SIZE));
    }
    return text;
}

}  // namespace

ErrorKind kind_of_code(int code) noexcept {
    switch (code) {
        case CURLE_URL_MALFORMAT:
        case CURLE_NOT_BUILT_IN:
        case CURLE_SSL_CACERT_BADFILE:
        case CURLE_SSL_CERTPROBLEM:
            return ErrorKind::config;
        case CURLE_UNSUPPORTED_PROTOCOL:  // check_url() was passed, so this is an answer in
                                          // HTTP/0.9
        case CURLE_WEIRD_SERVER_REPLY:
        case CURLE_TOO_MANY_REDIRECTS:
        case CURLE_BAD_CONTENT_ENCODING:
        case CURLE_SSL_CONNECT_ERROR:
        case CURLE_SSL_CIPHER:
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_USE_SSL_FAILED:
        case CURLE_SSL_ENGINE_NOTFOUND:
        case CURLE_SSL_ENGINE_SETFAILED:
        case CURLE_SSL_ENGINE_INITFAILED:
        case CURLE_SSL_SHUTDOWN_FAILED:
        case CURLE_SSL_CRL_BADFILE:
        case CURLE_SSL_ISSUER_ERROR:
        case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
        case CURLE_SSL_INVALIDCERTSTATUS:
        case CURLE_SSL_CLIENTCERT:
            return ErrorKind::protocol;
        case CURLE_FILESIZE_EXCEEDED:
            return ErrorKind::data;
        case CURLE_READ_ERROR:
        case CURLE_WRITE_ERROR:
            return ErrorKind::io;
        case CURLE_OUT_OF_MEMORY:
        case CURLE_FAILED_INIT:
            return ErrorKind::os;
        case CURLE_ABORTED_BY_CALLBACK:
            return ErrorKind::interrupted;
        case CURLE_BAD_FUNCTION_ARGUMENT:
        case CURLE_UNKNOWN_OPTION:
            return ErrorKind::internal;
        default:
            return ErrorKind::temporary;
    }
}

ErrorKind kind_of(const CurlFailure& failure) {
    if (failure.code == CURLE_SSL_CONNECT_ERROR && is_cut_handshake(failure.text)) {
        return ErrorKind::temporary;
    }
    return is_bad_header(failure) || is_bad_http2(failure) ? ErrorKind::protocol
                                                           : kind_of_code(failure.code);
}

void check_option(int code, int option) {
    if (code != CURLE_OK) {
        fail(kind_of_code(code),
             "libcurl: option {}: {}",
             option,
             curl_easy_strerror(static_cast<CURLcode>(code)));
    }
}

std::string describe(const CurlFailure& failure, Timestamp now) {
    if (is_bad_header(failure)) {
        return describe_bad_header(failure);
    }
    std::string text = failure.text.empty()
                           ? curl_easy_strerror(static_cast<CURLcode>(failure.code))
                           : printable(failure.text, CURL_ERROR_SIZE);
    if (is_bad_http2(failure)) {
        text += ": its answer breaks the rules of HTTP/2";
    }
    if (failure.code == CURLE_OPERATION_TIMEDOUT && !failure.limit.empty()) {
        text += fmt::format(" ({})", failure.limit);
    }
    if (failure.code == CURLE_PEER_FAILED_VERIFICATION && is_out_of_date(text)) {
        text += fmt::format(" (this host's clock says {}: is that right?)", format_time(now));
    }
    return text;
}

}  // namespace isinfetch
