#include "fetch/redirect.hpp"

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

/// As redirect_hosts names it.
std::string place(const Url& url) {
    const bool is_own = url.port == own_port(url.scheme);
    const bool is_six = url.host.find(':') != std::string::npos;
    const std::string host = is_six ? "[" + url.host + "]" : url.host;
    return is_own ? url.host : host + ":" + url.port;
}

void check_way(const Way& way, const FetchOptions& options) {
    const Url target = parse_target(way);
    check_scheme(way, target, options);
    const auto& allowed = options.redirect_hosts;
    const bool is_listed =
        std::any_of(allowed.begin(), allowed.end(), [&](const std::string& pattern) {
            return place_matches(target, pattern);
        });
    if (!is_listed && !is_same_service(parse_url(way.from), target)) {
        refuse(way, "host '{}' is not allowed: add it to redirect_hosts", printable(place(target)));
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

bool place_matches(const Url& target, std::string_view pattern) {
    const bool is_bracketed = pattern.starts_with('[');
    const std::size_t host_end = is_bracketed ? std::min(pattern.find(']'), pattern.size()) : 0;
    const std::size_t colon = pattern.find(':', host_end);
    const bool has_port = colon != std::string_view::npos &&
                          (is_bracketed || pattern.find(':', colon + 1) == std::string_view::npos);
    const std::string_view port = has_port ? pattern.substr(colon + 1) : "";
    std::string_view host = has_port ? pattern.substr(0, colon) : pattern;
    if (is_bracketed && host.ends_with(']')) {
        host = host.substr(1, host.size() - 2);
    }
    return host_matches(target.host, host) &&
           target.port == (has_port ? port : own_port(target.scheme));
}

void check_redirect(const Redirect& redirect, const FetchOptions& options) {
    const Way way{redirect.original, redirect.target, "redirect"};
    if (redirect.count > options.max_redirects) {
        refuse(way, "more than {} redirects", options.max_redirects);
    }
    check_way(way, options);
}

void check_link(const std::string& page, const std::string& link, const FetchOptions& options) {
    const Way way{page, link, "link"};
    const bool both_local = parse_url(page).scheme == "file" && parse_target(way).scheme == "file";
    if (!both_local) {
        check_way(way, options);
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
