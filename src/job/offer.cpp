#include "job/offer.hpp"

#include <algorithm>

namespace isinfetch {

std::optional<Timestamp> offered_time(const std::string& published,
                                      const std::string& last_modified,
                                      Timestamp now) {
    const auto time = published.empty() ? parse_http_date(last_modified) : parse_time(published);
    return time && *time <= now ? time : std::nullopt;
}

Offer judge_offer(std::optional<Timestamp> offered,
                  std::optional<Timestamp> listed,
                  const OlderSeen& before,
                  std::optional<std::chrono::seconds> patience,
                  Timestamp now) {
    if (!offered || !listed || *offered >= *listed) {
        return Offer::news;
    }
    if (!patience) {
        return Offer::older;
    }
    const bool has_waited = before.runs > 0 && before.since && now - *before.since >= *patience;
    return has_waited || patience->count() == 0 ? Offer::believed : Offer::older;
}

Timestamp publication_time(std::optional<Timestamp> offered,
                           std::optional<Timestamp> previous,
                           Timestamp now) {
    if (!previous) {
        return offered.value_or(now);
    }
    if (offered && *offered > *previous) {
        return *offered;
    }
    return std::max(now, *previous + std::chrono::seconds{1});
}

}  // namespace isinfetch
