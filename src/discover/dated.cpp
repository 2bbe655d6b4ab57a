// A list whose URL tells its day: today's, or that of the newest day before on which there was one.
#include "discover/candidates.hpp"
#include "discover/discovery.hpp"
#include "discover/presence.hpp"
#include "fetch/url.hpp"
#include "util/error.hpp"

#include <fmt/format.h>

namespace isinfetch {

namespace {

std::string text_of(std::chrono::year_month_day day) {
    return fmt::format("{:04}-{:02}-{:02}",
                       static_cast<int>(day.year()),
                       static_cast<unsigned>(day.month()),
                       static_cast<unsigned>(day.day()));
}

std::chrono::year_month_day today(const DiscoverRequest& request,
                                  const FetchEnvironment& environment) {
    const auto local = request.zone.to_local(environment.now());
    return std::chrono::year_month_day{std::chrono::floor<std::chrono::days>(local)};
}

}  // namespace

void check_dated(const DiscoverRequest& request) {
    UrlPattern::parse(request.url);
}

std::vector<RemoteFile> discover_dated(const DiscoverRequest& request,
                                       const FetchEnvironment& environment,
                                       FetchTrace& trace) {
    const UrlPattern pattern = UrlPattern::parse(request.url);
    if (!pattern.has_year()) {
        return {{.name = parse_url(request.url).file_name, .url = request.url}};
    }
    const auto urls = dated_urls(pattern, today(request, environment), request.find.days_back);
    Presence presence(request, environment, trace);
    for (const DatedUrl& candidate : urls) {
        if (presence.is_there(candidate.url)) {
            return {{.name = parse_url(candidate.url).file_name,
                     .url = candidate.url,
                     .published = pattern.has_day() ? text_of(candidate.day) + "T00:00:00Z" : ""}};
        }
    }
    if (presence.pages() > 0) {
        fail(ErrorKind::protocol,
             "{}: no file of {} or the {} days before: HTML where a list was expected at {} of {} "
             "URLs",
             redacted(request.url),
             text_of(urls.front().day),
             request.find.days_back,
             presence.pages(),
             urls.size());
    }
    fail(ErrorKind::gone,
         "{}: no file of {} or the {} days before ({} for each of {} URLs)",
         redacted(request.url),
         text_of(urls.front().day),
         request.find.days_back,
         request.find.missing.empty() ? "404" : "404 or find.missing",
         urls.size());
}

}  // namespace isinfetch
