// What of the store is old enough to go. Works in small transactions, so that others can go on;
// what an interruption leaves is done next time. What is current is never looked at.
#pragma once

#include "store/connection.hpp"
#include "store/store.hpp"
#include "util/time.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>

namespace isinfetch {

/// By SHA-256 digest, each file that a row of table file names: must the archive keep it?
using KnownFiles = std::unordered_map<std::string, bool>;

/// Needed are those of runs since `since`; what every source's current list came from; what came
/// after it and was not applied, or was undone; and the newest of each source. What was pruned
/// before is not known any more.
KnownFiles known_files(Connection& connection, Timestamp since);

/// Notes which files are about to be removed: verify then does not miss them. One transaction.
void note_pruned(Connection& connection, std::span<const std::string> digests, Timestamp when);

enum class PruneMode { count, remove };

/// Versions that a run before `before` closed and that were superseded before it. Merges of that
/// time cannot be undone any longer. Gives how many there are.
std::uint64_t prune_versions(Connection& connection,
                             Timestamp before,
                             PruneMode mode,
                             const Check& check);

/// Entries of runs before `before` that made no version of a list which is still there, and what
/// hangs on them; samples of rejections and what is kept for a rollback of all runs of that time.
/// The newest entry of a source stays, and so does all of a run that has not ended. Gives the
/// number of entries.
std::uint64_t prune_runs(Connection& connection,
                         Timestamp before,
                         PruneMode mode,
                         const Check& check);

}  // namespace isinfetch
