// A snapshot becomes the current list: set difference of two streams sorted by key.
#pragma once

#include "core/report.hpp"
#include "store/connection.hpp"
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
};

struct MergeCounts {
    std::uint64_t isins = 0;
    std::uint64_t listings = 0;
    std::uint64_t duplicates = 0;
    std::uint64_t added = 0;
    std::uint64_t changed = 0;
    std::uint64_t cosmetic = 0;
    std::uint64_t removed = 0;
    std::unordered_set<std::string> removed_tail{};  ///< those of plan.tail that went away
    std::vector<Rejection> conflicts{};  ///< samples: rows of one key with different content
};

/// "US0378331005 XNAS": a key in one piece.
std::string listing_key(const Listing& listing);

/// Inside a transaction of the caller's, who commits or not after looking at the counts. Unchanged
/// listings are not written. `staging` must be sorted. Memory does not grow with the list.
MergeCounts merge_snapshot(Connection& connection, const MergePlan& plan, Staging& staging);

}  // namespace isinfetch
