// The parts of a URL that decisions are made on, as libcurl sees them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace isinfetch {

struct Url {
    std::string scheme{};  ///< lower case
    std::string host{};    ///< lower case, IPv6 without brackets; empty for file:
    std::string port{};    ///< the scheme's own where the URL names none; empty for file:
    std::string
        file_name{};  ///< last part of the path, percent-decoded; the host when there is none
};

/// Throws Error{config} when it is no URL; one of a scheme that nobody supports is a URL.
Url parse_url(const std::string& url);

/// What a link on the page `base` leads to (RFC 3986 §5), without its fragment; blanks at its ends
/// and line breaks in it do not count (WHATWG URL §4.4). None for what leads to no file: mailto:,
/// data: and their kin, and for what is no URL.
std::optional<std::string> resolve_url(const std::string& base, std::string_view link);

/// "443" of https, "80" of http, else empty.
std::string_view own_port(std::string_view scheme) noexcept;

/// The same host on the same port, or over https on its own port, where what was asked over http
/// moves to; or back, from https on its own port to http on its own.
bool is_same_service(const Url& from, const Url& to);

/// What nobody may see of `url`, which need not be a URL: the password, a user that is a token, the
/// values of query keys that look secret; each as written, percent-decoded, and as sent.
std::vector<std::string> secrets_in_url(std::string_view url);

/// Does a key of a query or a form name a secret ("access_token", "apikey", "pwd")?
bool looks_secret(std::string_view key);

/// localhost, *.localhost, 127.0.0.0/8 or ::1. Source: RFC 6761 §6.3, RFC 1122 §3.2.1.3.
bool is_loopback(std::string_view host);

}  // namespace isinfetch
