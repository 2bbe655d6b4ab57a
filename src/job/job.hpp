// The use case: one run over the selected sources.
#pragma once

#include "config/config.hpp"
#include "core/report.hpp"
#include "fetch/archive.hpp"
#include "fetch/http.hpp"
#include "store/connection.hpp"
#include "util/pulse.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace isinfetch {

/// Days to apply in their order, both included (YYYY-MM-DD), whatever was applied before.
struct Backfill {
    std::string from{};
    std::string to{};
};

struct RunOptions {
    std::string run_id{};          ///< unique; the invocation ID of systemd or a UUID
    bool dry_run = false;          ///< everything but the commit
    bool force = false;            ///< also sources that are not due
    bool ignore_cooldown = false;  ///< also sources that asked to be left alone
    bool offline = false;          ///< from the archive only
    std::chrono::seconds lock_wait{300};
    std::optional<Backfill> backfill{};
    int jobs = 3;
    std::optional<std::chrono::seconds> deadline{};
    std::vector<std::string> accept_shrink{};  ///< sources whose guards are waived this once
};

/// What a run touches outside of itself; tests replace the parts that they want to steer.
struct Environment {
    HttpClient& http;
    Connection& store;
    std::filesystem::path state_dir{};
    std::function<Timestamp()> now;
    std::function<void(std::chrono::milliseconds)> sleep;
    std::function<double()> dice;
    std::function<void(const std::string& source, const std::string& stage)> progress;
    std::chrono::seconds lease{0};  ///< 0: the store is this host's own, and needs none
    /// A further connection to the store. REQUIRED with a lease.
    std::function<std::unique_ptr<Connection>()> connect{};
    /// After so long without progress a lease is not renewed any more; 0: it always is.
    std::chrono::milliseconds patience{0};
    std::shared_ptr<Pulse> answers{};  ///< of the store; may be null
    /// Told at the beginning and whenever a source has ended: the report as it would be if the
    /// run went no further, and the sources that are still open. From any thread, one call at a
    /// time. May be empty.
    std::function<void(const RunReport& so_far, const std::set<std::string>& open)> so_far{};
};

/// Runs every one of `sources`, each independent of the others, and records the run. Throws
/// only for what concerns the run as a whole: the store cannot be written, the state directory
/// is somebody else's.
RunReport run_job(const Config& config,
                  const std::vector<const SourceConfig*>& sources,
                  const RunOptions& options,
                  Environment& environment);

}  // namespace isinfetch
