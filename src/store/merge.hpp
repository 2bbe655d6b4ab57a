// What is published becomes the current list: a snapshot by set difference of two streams sorted by
// key, events by the rules of history.hpp.
#pragma once

#include "core/report.hpp"
#include "store/connection.hpp"
#include "store/history.hpp"
#include "store/staging.hpp"

#include <cstdint>
#include <string>
#include <unordered_set>
#include <vector>

namespace isinfetch {

struct MergePlan {
    std::int64_t source = 0;      ///< key of table source
    std::int64_t run_source = 0;  ///< the version that is being made
    std::string published{};      ///< RFC 3339: bounds the versions that open and close
    bool venue_is_mic = false;    ///< else a row whose venue alone moved is a change of that row
    std::vector<std::string> tail{};  ///< keys (listing_key) to look for among the removed
    std::int64_t records = 0;         ///< current listings before; for events
    FullLists lists{};                ///< for events
    bool is_late = false;             ///< for events: something published later was applied already
};

struct MergeCounts {
    std::uint64_t isins = 0;
    std::uint64_t listings = 0;
    std::uint64_t duplicates = 0;
    std::uint64_t added = 0;
    std::uint64_t changed = 0;
    std::uint64_t cosmetic = 0;
    std::uint64_t removed = 0;  ///< current before, and no longer
    std::uint64_t terminated = 0;
    std::uint64_t cancelled = 0;
    std::uint64_t reconciled = 0;
    std::uint64_t missing = 0;  ///< in a full list, though no event had said so
    Tally anomalies{};          ///< of events, by name
    std::unordered_set<std::string> removed_tail{};  ///< those of plan.tail that went away
    std::vector<Rejection> conflicts{};  ///< samples: rows of one key with different content
};

/// "US0378331005 XNAS": a key in one piece.
std::string listing_key(const Listing& listing);

/// Inside a transaction of the caller's, who commits or not after looking at the counts. Unchanged
/// listings are not written. `staging` must be sorted. Memory does not grow with the list.
MergeCounts merge_snapshot(Connection& connection, const MergePlan& plan, Staging& staging);

/// As merge_snapshot(), for a publication of which `staging` holds the events: a delta, or what was
/// cancelled. Of several events of one key the last one counts.
MergeCounts merge_events(Connection& connection, const MergePlan& plan, Staging& staging);

/// As merge_events(), for a full list of a source that publishes events: events of its day and
/// later win over it.
MergeCounts merge_full(Connection& connection, const MergePlan& plan, Staging& staging);

}  // namespace isinfetch
