// What a failed TLS handshake means, where libcurl passes on OpenSSL's words for it.
#pragma once

#include <string>
#include <string_view>

namespace isinfetch {

/// "the server does not speak TLS on port 8765", from libcurl's error text; that text itself, made
/// printable, when it says something else. `url`: what was asked for.
std::string tls_fault(std::string_view text, const std::string& url);

/// Was the connection cut in the handshake? That has no code of its own (libcurl 7.88), and heals
/// where the network is to blame.
bool is_cut_handshake(std::string_view text) noexcept;

}  // namespace isinfetch
