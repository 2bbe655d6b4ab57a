// Where a publisher may send us on to. Pure.
#pragma once

#include "fetch/download.hpp"
#include "fetch/url.hpp"

#include <string>

namespace isinfetch {

/// A redirect, the `count`th since `original` was asked.
struct Redirect {
    std::string original{};
    std::string target{};
    int count = 1;
};

/// Throws Error{protocol}, naming both URLs and what to configure, unless `redirect` may be
/// followed: not too many of them, to http or https only, never from https to http (but to
/// loopback, or with allow_http), to the same service (is_same_service()) or one of
/// options.redirect_hosts.
void check_redirect(const Redirect& redirect, const FetchOptions& options);

/// The same of a link on the page `page`, which is not followed by itself.
void check_link(const std::string& page, const std::string& link, const FetchOptions& options);

/// May `target` see the headers configured for `original`, which may hold credentials? Only the
/// same host and port, or the same host over https on its own port.
bool may_see_headers(const std::string& original, const std::string& target);

/// `options` of requests for `original`, fit for a request for `target`.
FetchOptions options_for(const std::string& original,
                         const std::string& target,
                         const FetchOptions& options);

/// "files.example.org", or "*.example.org" for whatever is below it.
bool host_matches(std::string_view host, std::string_view pattern);

/// The same with a port, "files.example.org:8443" or "[2001:db8::1]:8443"; without one, the port
/// that the scheme of `target` has itself.
bool place_matches(const Url& target, std::string_view pattern);

}  // namespace isinfetch
