#include "fetch/redirect.hpp"

#include "fetch/url.hpp"
#include "util/error.hpp"
#include "util/text.hpp"

#include <algorithm>

namespace isinfetch {

namespace {

template <class... Args>
[[noreturn]] void refuse(const Redirect& redirect,
                         fmt::format_string<Args...> why,
                         Args&&... args) {
    fail(ErrorKind::protocol,
         "{}: redirect to {}: {}",
         redacted(redirect.original),
         redacted(redirect.target),
         fmt::format(why, std::forward<Args>(args)...));
}

/// The target is foreign text: that it is no URL is nobody's configuration.
Url parse_target(const Redirect& redirect) {
    try {
        return parse_url(redirect.target);
    } catch (const Error& error) {
        refuse(redirect, "{}", error.what());
    }
}

void check_scheme(const Redirect& redirect, const Url& target, const FetchOptions& options) {
    if (target.scheme == "https") {
        return;
    }
    if (target.scheme != "http") {
        refuse(redirect, "scheme '{}' is not allowed", printable(target.scheme));
    }
    if (!options.allow_http && !is_loopback(target.host)) {
        refuse(redirect, "http can be read and changed on its way: set allow_http to allow it");
    }
}

}  // namespace

bool host_matches(std::string_view host, std::string_view pattern) {
    const std::string name = lower(host);
    const std::string wanted = lower(pattern);
    return wanted.starts_with("*.") ? name.size() + 1 > wanted.size() &&
                                          name.ends_with(std::string_view(wanted).substr(1))
                                    : name == wanted;
}

void check_redirect(const Redirect& redirect, const FetchOptions& options) {
    if (redirect.count > options.max_redirects) {
        refuse(redirect, "more than {} redirects", options.max_redirects);
    }
    const Url target = parse_target(redirect);
    check_scheme(redirect, target, options);
    const auto& allowed = options.redirect_hosts;
    const bool listed =
        std::any_of(allowed.begin(), allowed.end(), [&](const std::string& pattern) {
            return host_matches(target.host, pattern);
        });
    if (!listed && target.host != parse_url(redirect.original).host) {
        refuse(
            redirect, "host '{}' is not allowed: add it to redirect_hosts", printable(target.host));
    }
}

bool may_see_headers(const std::string& original, const std::string& target) {
    const Url from = parse_url(original);
    const Url to = parse_url(target);
    const bool same_service = to.scheme == from.scheme && to.port == from.port;
    const bool upgraded = to.scheme == "https" && to.port == "443";
    return to.host == from.host && (same_service || upgraded);
}

}  // namespace isinfetch
