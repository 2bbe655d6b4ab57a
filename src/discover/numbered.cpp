// A list whose URL has a number that rises from one publication to the next.
#include "discover/candidates.hpp"
#include "discover/discovery.hpp"
#include "discover/presence.hpp"
#include "fetch/url.hpp"
#include "util/error.hpp"

namespace isinfetch {

namespace {

/// The number of the last time, as long as the list is still looked for at the same place.
std::uint64_t first_number(const DiscoverRequest& request) {
    // As it is kept: without secrets.
    const auto known = UrlPattern::parse(without_credentials(request.url)).match(request.known_url);
    return known ? std::max(known->number, request.find.first) : request.find.first;
}

}  // namespace

void check_numbered(const DiscoverRequest& request) {
    UrlPattern::parse(request.url);
}

std::vector<RemoteFile> discover_numbered(const DiscoverRequest& request,
                                          const FetchEnvironment& environment,
                                          FetchTrace& trace) {
    const UrlPattern pattern = UrlPattern::parse(request.url);
    if (!pattern.has_number()) {
        return {{.name = parse_url(request.url).file_name, .url = request.url}};
    }
    const std::uint64_t first = first_number(request);
    NumberWalk walk(first, request.find.gap, request.find.limit);
    Presence presence(request, environment, trace);
    while (const auto number = walk.next()) {
        const std::string url = pattern.fill({.number = *number});
        walk.tell(presence.is_there(url));
    }
    if (walk.hit_limit()) {
        fail(
            ErrorKind::protocol,
            "{}: {} numbers from {} on were tried and there may be more: set find.first to a newer "
            "one, or find.limit higher",
            redacted(request.url),
            request.find.limit,
            first);
    }
    if (!walk.highest() && presence.pages() > 0) {
        fail(ErrorKind::protocol,
             "{}: none of the numbers from {} on is there: HTML where a list was expected",
             redacted(request.url),
             first);
    }
    if (!walk.highest()) {
        fail(ErrorKind::gone,
             "{}: none of the numbers {} to {} is there",
             redacted(request.url),
             first,
             first + static_cast<std::uint64_t>(request.find.gap));
    }
    const std::string url = pattern.fill({.number = *walk.highest()});
    return {{.name = parse_url(url).file_name, .url = url}};
}

}  // namespace isinfetch
