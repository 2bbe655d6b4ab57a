#include "fetch/tls_fault.hpp"

#include "fetch/url.hpp"
#include "util/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>

namespace isinfetch {

namespace {

constexpr std::size_t kLongest = 256;  // of libcurl's texts

bool has_any(std::string_view text, std::span<const std::string_view> words) noexcept {
    return std::ranges::any_of(
        words, [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

}  // namespace

bool is_cut_handshake(std::string_view text) noexcept {
    constexpr std::array<std::string_view, 3> kCut{
        "SSL_ERROR_SYSCALL", "reset by peer", "unexpected eof"};
    return has_any(text, kCut);
}

std::string tls_fault(std::string_view text, const std::string& url) {
    const std::string port = parse_url(url).port;
    // What a server says in plain text is no record of TLS.
    constexpr std::array<std::string_view, 4> kPlain{
        "wrong version number", "http request", "packet length too long", "record layer failure"};
    if (has_any(text, kPlain)) {
        return fmt::format("the server does not speak TLS on port {}", port);
    }
    return is_cut_handshake(text)
               ? fmt::format(
                     "the connection ended while TLS was agreed on: the network failed, or"
                     " the server does not speak TLS on port {}",
                     port)
               : printable(text, kLongest);
}

}  // namespace isinfetch
