// Records of runs that never told their end: killed, or cut off from the store.
#pragma once

#include "store/connection.hpp"
#include "util/time.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace isinfetch {

/// A run whose record is open.
struct OpenRun {
    std::int64_t id = 0;  ///< key of table run
    std::string host{};
    std::int64_t pid = 0;
    std::string started{};   ///< RFC 3339
    bool has_lease = false;  ///< of any source, and it is not over
};

/// Whoever asks: `host`, by whose processes one of its own is known to be gone.
struct RunWitness {
    std::string host{};
    bool (*is_alive)(std::int64_t pid) noexcept;
    Timestamp now{};
};

/// Will it never tell? One of the same host when its process is gone; another host's when it has
/// had no lease for an hour, for no run works that long without. Pure. One that is wrongly held to
/// be lost puts its record right at its end.
bool is_lost(const OpenRun& run, const RunWitness& witness);

/// Closes the records of lost runs, with status 75: they may be tried again, and prune may take
/// them. Gives how many.
std::size_t close_lost_runs(Connection& connection, const std::string& host, Timestamp now);

/// The same for the run of a lease's holder that was taken over, unless it holds others.
void close_overtaken_run(Connection& connection, const std::string& holder, Timestamp now);

}  // namespace isinfetch
