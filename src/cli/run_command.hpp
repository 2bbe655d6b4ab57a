// What `run` and `backfill` do once their options are known.
#pragma once

#include "cli/command.hpp"
#include "job/job.hpp"
#include "store/store.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace isinfetch::cli {

struct RunCommand {
    std::vector<std::string> sources{};
    RunOptions job{};
    std::string lock_wait{};
    bool no_wait = false;
    std::string deadline{};
    std::string splay{};
    std::string unchanged_status{};  ///< --exit-unchanged[=N], checked
    OutputFormat output = OutputFormat::automatic;
};

/// A name for a run: systemd's for this invocation, so that the journal and the store agree; else a
/// UUID.
std::string make_run_id();

/// Runs the sources that are named, or all enabled ones, and prints the report. Throws Error{usage}
/// and Error{config} for what it was asked; what goes wrong with sources is in the status.
ExitCode run_command(const RunCommand& command, Session& session);

/// Hosts that share a store go by its clock: their own may be wrong.
std::function<Timestamp()> clock_of(Connection& store, bool is_shared);

/// The same, for what changes the store: see insist().
std::function<Timestamp()> patient_clock_of(Connection& store, bool is_shared);

/// A further connection, by which the lease of a source is kept.
std::unique_ptr<Connection> open_for_lease(StoreOptions options);

/// 0 to 1.
double throw_dice();

}  // namespace isinfetch::cli
