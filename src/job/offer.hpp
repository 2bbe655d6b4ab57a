// When a list was published, and whether it is news: publishers, caches and clocks go backwards.
// Pure.
#pragma once

#include "util/time.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace isinfetch {

/// What the publisher says: the time that discovery found (RFC 3339), else that of the server
/// (Last-Modified). None when neither says anything, or speaks of a time after `now`.
std::optional<Timestamp> offered_time(const std::string& published,
                                      const std::string& last_modified,
                                      Timestamp now);

/// How often a list older than the one that is there was offered, in runs one after the other.
struct OlderSeen {
    std::optional<Timestamp> since{};  ///< the first of these runs
    std::int64_t runs = 0;
};

enum class Offer {
    news,      ///< not older, as far as anybody can tell
    older,     ///< older: the list that is there is kept
    believed,  ///< older, and the publisher means it
};

/// Judges another list than the one that is there. An older one is believed in the second run that
/// sees it, once `patience` has passed since the first; at once when that is 0; never without one.
Offer judge_offer(std::optional<Timestamp> offered,
                  std::optional<Timestamp> listed,
                  const OlderSeen& before,
                  std::optional<std::chrono::seconds> patience,
                  Timestamp now);

/// What a list gets as its time of publication: what the publisher says, else now. Always after
/// that of the list before, however wrong the clock was then: each version of a listing lasts.
Timestamp publication_time(std::optional<Timestamp> offered,
                           std::optional<Timestamp> previous,
                           Timestamp now);

}  // namespace isinfetch
