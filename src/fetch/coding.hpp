// Content codings (RFC 9110 §8.4) that nobody asked for. Pure.
#pragma once

#include "fetch/http.hpp"

#include <string>

namespace isinfetch {

/// May what comes be packed by gzip? A list may: whoever reads it looks whether it is.
enum class Gzip { is_known, is_foreign };

/// Throws Error{protocol}, naming the coding, when the body of a 200 or 206 was packed by one that
/// this program cannot read. It asks for none, but some servers and caches do not listen. `url` is
/// redacted.
void check_coding(const std::string& url, const HttpResponse& response, Gzip gzip);

}  // namespace isinfetch
