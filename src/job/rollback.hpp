// The use case: undo what the newest runs made of the list of one source.
#pragma once

#include "job/source_lease.hpp"
#include "store/connection.hpp"
#include "store/rollback.hpp"
#include "util/time.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace isinfetch {

struct RollbackOptions {
    std::string source{};
    std::string back_to{};  ///< the oldest run to undo, or the beginning of its name; see history
    std::string run_id{};   ///< of the record of the rollback; unique
    bool dry_run = false;   ///< everything but the commit
    std::chrono::seconds lock_wait{300};
};

struct RollbackReport {
    std::vector<UndoableMerge> merges{};  ///< that were undone, newest first
    Undone undone{};
};

/// What a rollback touches outside of itself.
struct RollbackEnvironment {
    Connection& store;
    std::filesystem::path state_dir{};
    std::string host{};  ///< by which this one is known in the store
    std::function<Timestamp()> now;
    LeaseTerms lease{};  ///< the wait is that of the options
};

/// Holds the lock of the source, and its lease where hosts share the store, so that no run of it is
/// at work. One transaction, with a record of its own: a run whose list is that of before. Throws
/// Error{usage} when the source has no such run, Error{gone} when there is no list or what was
/// before it was not kept, Error{busy} when a run holds the lock or the lease, or has taken it
/// over.
RollbackReport roll_back(RollbackEnvironment& environment, const RollbackOptions& options);

}  // namespace isinfetch
