// ESMA's index of FITRS files: the newest full list of results for equity instruments, FULECR. It
// is published on Saturdays, in one or more files for each letter of the CFI. Source:
// ESMA65-8-5240.
#include "discover/discovery.hpp"
#include "discover/sets.hpp"
#include "discover/solr.hpp"
#include "fetch/fetch_text.hpp"
#include "util/error.hpp"
#include "util/time.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace isinfetch {

namespace {

constexpr std::chrono::days kWindow{35};  // some lists, lest the last one is not complete yet
constexpr std::size_t kDate = 10;         // YYYY-MM-DD

std::string why_none(const Sets& sets) {
    return sets.incomplete.empty()
               ? fmt::format("no full list in the last {} days", kWindow.count())
               : sets.incomplete.back().why;
}

}  // namespace

std::vector<RemoteFile> discover_fitrs_index(const DiscoverRequest& request,
                                             const FetchEnvironment& environment,
                                             FetchTrace& trace) {
    const Timestamp now = environment.now();
    const SolrQuestion question{.url = request.url,
                                .day_field = "creation_date",
                                .first_day = format_time(now - kWindow).substr(0, kDate),
                                .last_day = format_time(now).substr(0, kDate),
                                .filter = "file_name:FULECR_*"};
    const auto documents = read_pages(request.url, [&](std::uint64_t from) {
        const std::string url = solr_url(question, from);
        return read_solr_page(url, fetch_text(url, request.options, environment, trace));
    });
    Sets sets = sort_into_sets(files_among(documents));
    if (sets.complete.empty()) {
        fail(ErrorKind::temporary, "{}: {}", redacted(request.url), why_none(sets));
    }
    const auto newer = std::ranges::find_if(sets.incomplete, [&](const Incomplete& each) {
        return each.date > sets.complete.back().date;
    });
    if (newer != sets.incomplete.end()) {
        trace.waiting = waiting_for(*newer);
    }
    std::vector<RemoteFile> files = std::move(sets.complete.back().files);
    check_links(request, files);
    return files;
}

}  // namespace isinfetch
