#include "discover/presence.hpp"

#include "fetch/fetch_text.hpp"
#include "fetch/probe.hpp"
#include "fetch/redirect.hpp"
#include "fetch/url.hpp"
#include "util/error.hpp"
#include "util/text.hpp"

#include <algorithm>

namespace isinfetch {

Presence::Presence(const DiscoverRequest& request,
                   const FetchEnvironment& environment,
                   FetchTrace& trace)
    : request_(request),
      http_(environment.http, request),
      environment_{.http = http_,
                   .archive = environment.archive,
                   .sleep = environment.sleep,
                   .dice = environment.dice,
                   .now = environment.now,
                   .deadline = environment.deadline},
      trace_(trace) {}

HttpResponse Presence::LimitedHttp::get(const HttpRequest& request,
                                        ByteSink& body,
                                        const std::function<void(const HttpResponse&)>& answered) {
    if (requests_ >= request_.find.limit) {
        fail(ErrorKind::protocol,
             "{}: not found by {} requests: set find.first or find.days_back nearer to it, or"
             " find.limit higher",
             redacted(request_.url),
             request_.find.limit);
    }
    ++requests_;
    return http_.get(request, body, answered);
}

bool Presence::is_there(const std::string& url) {
    trace_.http_status = 0;
    const auto cooldown = trace_.cooldown_until;
    const FetchOptions options = options_for(request_.url, url, request_.options);
    try {
        const Probe found = probe(url, options, environment_, trace_);
        if (is_page(url, found.content_type)) {
            ++pages_;
            return false;
        }
        return true;
    } catch (const Error& error) {
        if (!is_missing(error.kind())) {
            throw;
        }
        trace_.cooldown_until = cooldown;  // nobody was shut out
        return false;
    }
}

bool Presence::is_missing(ErrorKind kind) const {
    const auto& statuses = request_.find.missing;
    return kind == ErrorKind::gone ||
           std::find(statuses.begin(), statuses.end(), trace_.http_status) != statuses.end();
}

bool Presence::is_page(const std::string& url, const std::string& content_type) {
    const std::string type = lower(content_type);
    const bool may_be = type.empty() || type.find("html") != std::string::npos;
    const bool expected = request_.options.accept_html || !request_.options.post.empty();
    if (!may_be || expected || parse_url(url).scheme == "file") {
        return false;
    }
    const FetchOptions options = options_for(request_.url, url, request_.options);
    return fetch_page(url, options, environment_, trace_).is_html;
}

}  // namespace isinfetch
