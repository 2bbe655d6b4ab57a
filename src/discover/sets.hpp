// Files of one publication that belong together: complete, or not used. Pure.
#pragma once

#include "core/freshness.hpp"
#include "fetch/download.hpp"

#include <string>
#include <vector>

namespace isinfetch {

/// All files of one role and one day; what a run applies in one transaction.
struct Publication {
    std::string date{};  ///< YYYY-MM-DD
    Role role = Role::snapshot;
    std::vector<RemoteFile> files{};  ///< by group and part
};

/// A publication that cannot be used yet, or never.
struct Incomplete {
    std::string date{};
    Role role = Role::snapshot;
    std::string why{};  ///< "delta of 2026-11-20: part 2 of 3 is missing"
};

/// What waits, so far without `since` and `behind`.
Waiting waiting_for(const Incomplete& incomplete);

struct Sets {
    std::vector<Publication> complete{};   ///< by date, then by role
    std::vector<Incomplete> incomplete{};  ///< in the same order
    std::vector<std::string> conflicts{};  ///< of generations, for people
};

/// "snapshot", …: in the store and in messages.
std::string_view name(Role role) noexcept;

/// Sorts published files into publications. A set is complete when it has the parts 1 to m of one
/// generation (one m). Of several generations the one with the most parts is meant: publishers have
/// put an empty "01of01" beside two real parts. A full list is complete when all its groups are,
/// and it has those of the full list before it.
Sets sort_into_sets(const std::vector<RemoteFile>& files);

}  // namespace isinfetch
