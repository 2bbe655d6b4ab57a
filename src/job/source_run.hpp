// One source's run, from the lock to the commit.
#pragma once

#include "job/job.hpp"
#include "store/merge.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace isinfetch {

/// One connection per host at a time: publishers count them.
class HostGates {
public:
    /// Waits until no other thread talks to the host of `url`.
    std::unique_lock<std::mutex> enter(const std::string& url);

private:
    std::mutex guard_;
    std::map<std::string, std::unique_ptr<std::mutex>> gates_;
};

/// What all sources of one run share.
struct RunContext {
    const Config& config;
    const RunOptions& options;
    Environment& environment;
    Archive archive;
    std::optional<Timestamp> deadline{};
    std::int64_t run = 0;      ///< key of table run; 0 in a dry run
    std::mutex store_mutex{};  ///< one connection serves all threads
    HostGates hosts{};
};

/// Throws Error{interrupted} after a signal and Error{temporary} past the deadline.
void check_time(const RunContext& context);

/// Copies what the merge counted into the report.
void take_counts(const MergeCounts& counts, SourceReport& report);

/// Never throws: whatever goes wrong ends in report.status and report.error.
void run_source(const SourceConfig& source, RunContext& context, SourceReport& report) noexcept;

}  // namespace isinfetch
