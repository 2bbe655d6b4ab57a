// A list whose address is told by a web page: publishers put hashes into addresses and change them.
#include "discover/discovery.hpp"
#include "discover/links.hpp"
#include "discover/presence.hpp"
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
std::vector<std::string> links_of(const FetchedPage& page,
                                  const std::vector<std::string>& attributes) {
    const PageLinks found = [&] {
        try {
            return html_links(page.text, attributes);
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

/// Pages name a file before it is there. The last link is not asked about, nor one that led to the
/// list before: what is wrong with it, its download tells.
const ChosenLink& newest_there(const std::vector<ChosenLink>& links,
                               const DiscoverRequest& request,
                               const FetchEnvironment& environment,
                               FetchTrace& trace) {
    Presence presence(request, environment, trace);
    for (const ChosenLink& link : links) {
        check_link(request.url, link.url, request.options);
        const bool is_known = without_credentials(link.url) == request.known_url;
        if (is_known || &link == &links.back() || presence.is_there(link.url)) {
            return link;
        }
    }
    return links.back();
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
    const auto urls = links_of(page, request.find.attributes);
    const auto pattern = UrlPattern::parse(request.find.link, UrlPattern::Star::is_any);
    const auto links = ranked_links(pattern, urls);
    if (links.empty()) {
        fail(ErrorKind::protocol,
             "{}: none of its {} links is like '{}'",
             redacted(request.url),
             urls.size(),
             printable(request.find.link, kLongestPattern));
    }
    const ChosenLink& chosen = newest_there(links, request, environment, trace);
    return {{.name = parse_url(chosen.url).file_name,
             .url = chosen.url,
             .published = time_of(chosen.day)}};
}

}  // namespace isinfetch
