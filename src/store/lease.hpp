// Who may publish a source's list, where several hosts share a store. A lease saves work: who does
// not get it need not download. A token that every taking raises makes it right: nothing is written
// for a source by a run whose token is not the newest one, however long it slept.
#pragma once

#include "store/connection.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace isinfetch {

/// What the store says of a source's lease. All times are the store's own.
struct LeaseState {
    std::string holder{};        ///< for people; empty: nobody
    std::string since{};         ///< RFC 3339: when it was taken
    std::string until{};         ///< RFC 3339
    bool is_over = true;         ///< it may be taken
    std::int64_t takeovers = 0;  ///< in a row from holders that never gave it back
};

LeaseState read_lease(Connection& connection, const std::string& source);

/// Takes the lease if it is free, over, or `holder` has it, who must be no other's; gives the
/// token, none when another one was quicker. Makes the source's row if there is none yet. Sessions
/// that write the source's list at that time are ended: they are fenced, and the locks of one that
/// froze would be in the way for as long as it sleeps, for no timeout of a server's ends a session
/// that waits for its client within COPY.
std::optional<std::int64_t> take_lease(Connection& connection,
                                       const std::string& source,
                                       const std::string& holder,
                                       std::chrono::seconds duration);

/// So long from now; false when the token is not the newest any more.
bool renew_lease(Connection& connection,
                 const std::string& source,
                 std::int64_t token,
                 std::chrono::seconds duration);

/// Does nothing when the token is not the newest any more.
void give_lease_back(Connection& connection, const std::string& source, std::int64_t token);

/// A lease that somebody took and did not give back.
struct HeldLease {
    std::string source{};
    LeaseState lease{};
    std::string now{};  ///< RFC 3339: the store's time, by which its age is known
};

/// Since when it is held; none when that is not known.
std::optional<std::chrono::seconds> age_of(const HeldLease& held);

/// All of them, by source.
std::vector<HeldLease> held_leases(Connection& connection);

/// Takes the lease from whoever has it: the next run may begin at once, and the holder can write
/// nothing more; sessions that write the source's list are ended. Gives what it was; none when
/// nobody had it, or it changed hands meanwhile.
std::optional<LeaseState> break_lease(Connection& connection, const std::string& source);

/// Says that the caller's transaction writes the list of the source, which has a row by now.
void announce_writer(Connection& connection, const std::string& source);

/// What a run knows of the row that it is going to write to.
struct Claim {
    std::string source{};
    std::int64_t token = 0;
    std::int64_t head = 0;
};

/// Locks the source's row until the end of the caller's transaction; false when its token or head
/// is another one: somebody else has published, or will.
bool hold_source(Connection& connection, const Claim& claim);

/// Waits until whoever writes to the source's row is done.
void wait_for_source(Connection& connection, const std::string& source);

}  // namespace isinfetch
