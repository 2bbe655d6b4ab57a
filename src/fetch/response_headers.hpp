// The few header fields of an answer that decisions are made on. Pure.
#pragma once

#include "fetch/http.hpp"

#include <string_view>

namespace isinfetch {

/// Takes one line of a header, line end included. A status line begins the answer anew: what came
/// before belongs to a 1xx or to a proxy. Fields that are not known are ignored.
void take_header_line(HttpResponse& response, std::string_view line, Timestamp now);

/// "120" or an HTTP date, from `now`; never negative, at most a year; none when it is neither.
/// Source: RFC 9110 §10.2.3.
std::optional<std::chrono::seconds> parse_retry_after(std::string_view text, Timestamp now);

}  // namespace isinfetch
