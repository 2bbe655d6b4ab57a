// A list whose address is told by a web page: publishers put hashes into addresses and change them.
#include "discover/discovery.hpp"
#include "discover/links.hpp"
#include "fetch/fetch_text.hpp"
#include "fetch/redirect.hpp"
#include "fetch/url.hpp"
#include "parse/html_links.hpp"
#include "util/error.hpp"
#include "util/text.hpp"

#include <fmt/format.h>

namespace isinfetch {

namespace {

constexpr std::size_t kLongestPattern = 200;  // in messages

/// The links of a page as absolute URLs; those that lead to no file are left out.
std::vector<std::string> links_of(const FetchedPage& page) {
    const PageLinks found = [&] {
        try {
            return html_links(page.text);
        } catch (const Error& error) {
            fail(error.kind(), "{}: {}", redacted(page.url), error.what());
        }
    }();
    const std::string base = resolve_url(page.url, found.base).value_or(page.url);
    std::vector<std::string> urls;
    for (const std::string& link : found.links) {
        if (auto url = resolve_url(base, link)) {
            urls.push_back(*std::move(url));
        }
    }
    return urls;
}

std::string time_of(const std::optional<std::chrono::year_month_day>& day) {
    return day ? fmt::format("{:04}-{:02}-{:02}T00:00:00Z",
                             static_cast<int>(day->year()),
                             static_cast<unsigned>(day->month()),
                             static_cast<unsigned>(day->day()))
               : "";
}

}  // namespace

void check_link_page(const DiscoverRequest& request) {
    if (request.find.link.empty()) {
        fail(ErrorKind::config,
             "{}: discovery by link-page needs find: {{link: PATTERN}}",
             request.source);
    }
    UrlPattern::parse(request.find.link, UrlPattern::Star::is_any);
}

std::vector<RemoteFile> discover_link_page(const DiscoverRequest& request,
                                           const FetchEnvironment& environment,
                                           FetchTrace& trace) {
    check_link_page(request);
    const FetchedPage page = fetch_page(request.url, request.options, environment, trace);
    if (!page.is_html) {
        return {{.name = parse_url(request.url).file_name, .url = request.url}};
    }
    const auto urls = links_of(page);
    const auto pattern = UrlPattern::parse(request.find.link, UrlPattern::Star::is_any);
    const auto chosen = choose_link(pattern, urls);
    if (!chosen) {
        fail(ErrorKind::protocol,
             "{}: none of its {} links is like '{}'",
             redacted(request.url),
             urls.size(),
             printable(request.find.link, kLongestPattern));
    }
    check_link(request.url, chosen->url, request.options);
    return {{.name = parse_url(chosen->url).file_name,
             .url = chosen->url,
             .published = time_of(chosen->day)}};
}

}  // namespace isinfetch
