#include "job/freshness.hpp"

#include "job/schedule.hpp"

#include <algorithm>

namespace isinfetch {

std::optional<Timestamp> newest_publication(const SourceState& state) {
    // An absent time is less than any other.
    return std::max(parse_time(state.published), state.newest_publication);
}

void note_offer(SourceState& state,
                const std::string& published,
                const std::string& last_modified,
                Timestamp now) {
    const auto offered = published.empty() ? parse_http_date(last_modified) : parse_time(published);
    if (offered && *offered <= now) {
        state.newest_publication = std::max(state.newest_publication, offered);
    }
}

FreshnessFacts freshness_facts(const SourceState& state,
                               const Cadence& cadence,
                               bool wanted,
                               Timestamp now) {
    FreshnessFacts facts{.enabled = wanted,
                         .last_attempt = state.last_attempt,
                         .last_success = state.last_success,
                         .published = newest_publication(state),
                         .failing_since = state.failing_since,
                         .failures = state.failures,
                         .was_refused = state.last_status == name(SourceStatus::refused),
                         .last_error = state.last_error,
                         .waiting = state.waiting,
                         .next_due = next_due(state, cadence, now),
                         .every = cadence.every,
                         .stale_after = cadence.stale_after};
    if (is_cooling_down(state, now)) {
        facts.cooldown_until = state.cooldown_until;
    }
    return facts;
}

}  // namespace isinfetch
