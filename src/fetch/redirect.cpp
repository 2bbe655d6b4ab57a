#include "fetch/redirect.hpp"

#include "fetch/url.hpp"
#include "util/error.hpp"
#include "util/text.hpp"

#include <algorithm>

namespace isinfetch {

namespace {

/// A way from one URL to another, and its name in messages.
struct Way {
    const std::string& from;
    const std::string& to;
    std::string_view name;
};

template <class... Args>
[[noreturn]] void refuse(const Way& way, fmt::format_string<Args...> why, Args&&... args) {
    fail(ErrorKind::protocol,
         "{}: {} to {}: {}",
         redacted(way.from),
         way.name,
         redacted(way.to),
         fmt::format(why, std::forward<Args>(args)...));
}

/// The target is foreign text: that it is no URL is nobody's configuration.
Url parse_target(const Way& way) {
    try {
        return parse_url(way.to);
    } catch (const Error& error) {
        refuse(way, "{}", error.what());
    }
}

void check_scheme(const Way& way, const Url& target, const FetchOptions& options) {
    if (target.scheme == "https") {
        return;
    }
    if (target.scheme != "http") {
        refuse(way, "scheme '{}' is not allowed", printable(target.scheme));
    }
    if (!options.allow_http && !is_loopback(target.host)) {
        refuse(way, "http can be read and changed on its way: set allow_http to allow it");
    }
}

void check_way(const Way& way, const FetchOptions& options) {
    const Url target = parse_target(way);
    check_scheme(way, target, options);
    const auto& allowed = options.redirect_hosts;
    const bool listed =
        std::any_of(allowed.begin(), allowed.end(), [&](const std::string& pattern) {
            return host_matches(target.host, pattern);
        });
    if (!listed && target.host != parse_url(way.from).host) {
        refuse(way, "host '{}' is not allowed: add it to redirect_hosts", printable(target.host));
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
    const Way way{redirect.original, redirect.target, "redirect"};
    if (redirect.count > options.max_redirects) {
        refuse(way, "more than {} redirects", options.max_redirects);
    }
    check_way(way, options);
}

void check_link(const std::string& page, const std::string& link, const FetchOptions& options) {
    const bool both_local = parse_url(page).scheme == "file" && parse_url(link).scheme == "file";
    if (!both_local) {
        check_way({page, link, "link"}, options);
    }
}

bool may_see_headers(const std::string& original, const std::string& target) {
    const Url from = parse_url(original);
    const Url to = parse_url(target);
    const bool same_service = to.scheme == from.scheme && to.port == from.port;
    const bool upgraded = to.scheme == "https" && to.port == "443";
    return to.host == from.host && (same_service || upgraded);
}

FetchOptions options_for(const std::string& original,
                         const std::string& target,
                         const FetchOptions& options) {
    FetchOptions fit = options;
    if (!may_see_headers(original, target)) {
        fit.headers.clear();
    }
    return fit;
}

}  // namespace isinfetch
