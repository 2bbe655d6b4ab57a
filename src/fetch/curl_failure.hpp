// What it means when libcurl gives up. Home of its error codes.
#pragma once

#include "util/error.hpp"
#include "util/time.hpp"

#include <string>
#include <string_view>

namespace isinfetch {

/// How far a transfer had come when libcurl gave it up.
struct CurlFailure {
    int code = 0;             ///< libcurl's CURLcode; 0: none
    std::string_view text{};  ///< what libcurl says of it; may be empty
    bool was_asked = false;   ///< had the request been sent?
    bool has_answer = false;  ///< and the header of the answer been read to its end?
    int header_lines = 0;     ///< that were read of it
    bool over_http2 = false;
    std::string_view limit{};  ///< what the time was that it used up; empty: it did not
    bool was_refused = false;  ///< by REFUSED_STREAM
};

/// The kind of a CURLcode, wherever it comes from. What it does not list is temporary.
/// Source: https://curl.se/libcurl/c/libcurl-errors.html
ErrorKind kind_of_code(int code) noexcept;

/// The same in the light of how far the transfer had come: what libcurl cannot take of an answer,
/// header or trailer, over HTTP/1 or HTTP/2, is the publisher's fault, by whatever code it says so.
ErrorKind kind_of(const CurlFailure& failure);

/// Throws what it means that libcurl does not take one of its options. Nothing for code 0.
void check_option(int code, int option);

/// For people, without the URL. `now` is what this host's clock says, which is worth a look when a
/// certificate is out of date.
std::string describe(const CurlFailure& failure, Timestamp now);

}  // namespace isinfetch
