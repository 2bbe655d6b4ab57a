// The use case: remove what is old enough, by the policy of the configuration.
#pragma once

#include "config/config.hpp"
#include "store/connection.hpp"
#include "store/store.hpp"
#include "util/time.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace isinfetch {

struct PruneOptions {
    Keep keep{};
    std::filesystem::path state_dir{};
    std::string location{};  ///< of the store
    std::string host{};      ///< by which this one is known there
    Timestamp now{};
    bool dry_run = false;  ///< only look
    Check check{};
    std::chrono::milliseconds patience{10'000};  ///< for runs that count on the archive
};

struct Removed {
    std::uint64_t count = 0;
    std::uint64_t bytes = 0;
};

struct PruneReport {
    Removed partial{};  ///< downloads that were never finished
    Removed archive{};
    std::uint64_t versions = 0;
    std::uint64_t runs = 0;
    std::uint64_t free_bytes = 0;        ///< in the store, which cannot be given back
    std::vector<std::string> remarks{};  ///< what was left alone although it is old, for people
};

/// Removes in small steps while others go on reading and running; an interruption loses nothing,
/// and the next call goes on. Never removes what is current, nor a file that something still needs;
/// archived files stay while a run is at work. Throws what `check` throws, Error{io}, and
/// Error{temporary} when a run writes for long.
PruneReport prune(Connection& store, const PruneOptions& options);

}  // namespace isinfetch
