#include "fetch/curl_failure.hpp"

#include "fetch/tls_fault.hpp"
#include "util/text.hpp"

#include <curl/curl.h>

namespace isinfetch {

namespace {

constexpr int kTooLarge = 100;  // CURLE_TOO_LARGE, since 8.6

bool is_too_long(int code) {
    return code == CURLE_OUT_OF_MEMORY || code == kTooLarge;
}

/// A line that libcurl refuses is a "bad function argument" of its own parser, and one that is
/// longer than its buffer is "out of memory" (7.88) or "too large" (8.6).
bool is_bad_header(const CurlFailure& failure) {
    const bool in_header = failure.was_asked && !failure.has_answer;
    const ErrorKind kind = kind_of_code(failure.code);
    return in_header && (is_too_long(failure.code) || failure.code == CURLE_WEIRD_SERVER_REPLY ||
                         kind == ErrorKind::internal || kind == ErrorKind::os);
}

bool is_out_of_date(std::string_view text) {
    return text.find("not yet valid") != std::string_view::npos ||
           text.find("expired") != std::string_view::npos;
}

std::string describe_bad_header(const CurlFailure& failure) {
    std::string text = fmt::format("line {} of the header of its answer is {}",
                                   failure.header_lines + 1,
                                   is_too_long(failure.code)
                                       ? "longer than libcurl takes: no web server's header is"
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
    return is_bad_header(failure) ? ErrorKind::protocol : kind_of_code(failure.code);
}

std::string describe(const CurlFailure& failure, Timestamp now) {
    if (is_bad_header(failure)) {
        return describe_bad_header(failure);
    }
    std::string text = failure.text.empty()
                           ? curl_easy_strerror(static_cast<CURLcode>(failure.code))
                           : printable(failure.text, CURL_ERROR_SIZE);
    if (failure.code == CURLE_PEER_FAILED_VERIFICATION && is_out_of_date(text)) {
        text += fmt::format(" (this host's clock says {}: is that right?)", format_time(now));
    }
    return text;
}

}  // namespace isinfetch
