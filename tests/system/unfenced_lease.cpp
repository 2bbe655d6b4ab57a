// The negative control of postgres_hosts_test.py: a program in which everybody gets a lease at
// once, and nobody looks at tokens and heads before publishing. Takes the place of store/lease.cpp.
#include "store/lease.hpp"

#include <array>

namespace isinfetch {

LeaseState read_lease(Connection&, const std::string&) {
    return {};
}

std::optional<std::int64_t> take_lease(Connection& connection,
                                       const std::string& source,
                                       const std::string&,
                                       std::chrono::seconds) {
    const std::array<Parameter, 1> parameters{source};
    connection.execute("INSERT INTO source (name) VALUES ($1) ON CONFLICT (name) DO NOTHING",
                       parameters);
    return 1;
}

bool renew_lease(Connection&, const std::string&, std::int64_t, std::chrono::seconds) {
    return true;
}

void give_lease_back(Connection&, const std::string&, std::int64_t) {}

std::vector<HeldLease> held_leases(Connection&) {
    return {};
}

std::optional<std::chrono::seconds> age_of(const HeldLease&) {
    return std::nullopt;
}

std::optional<LeaseState> break_lease(Connection&, const std::string&) {
    return std::nullopt;
}

void announce_writer(Connection&, const std::string&) {}

bool hold_source(Connection&, const Claim&) {
    return true;
}

void wait_for_source(Connection&, const std::string&) {}

}  // namespace isinfetch
