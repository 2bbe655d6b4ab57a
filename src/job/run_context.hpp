// What all sources of one run share.
#pragma once

#include "job/insist.hpp"
#include "job/job.hpp"
#include "job/polite_http.hpp"

#include <functional>
#include <mutex>

namespace isinfetch {

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

/// insist() with the run's store and sleep.
void insist(const Environment& environment, const std::function<void()>& action);

/// Throws Error{interrupted} after a signal and Error{temporary} past the deadline.
void check_time(const RunContext& context);

}  // namespace isinfetch
