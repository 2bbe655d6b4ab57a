// The lease of a source, for work on it that is no run.
#pragma once

#include "job/lease_keeper.hpp"
#include "store/connection.hpp"
#include "store/lease.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

namespace isinfetch {

/// Throws Error{temporary}: another host has the lease of the source.
[[noreturn]] void fail_leased(const std::string& source, const LeaseState& lease);

/// Says the same as a reason to wait.
void say_leased(const std::string& source, const LeaseState& lease);

/// How long a lease lasts, and how to come by it.
struct LeaseTerms {
    std::chrono::seconds duration{0};  ///< 0: the store is this host's own, and needs none
    std::chrono::seconds wait{0};      ///< for another host that works on the source
    LeaseKeeper::Connect connect{};    ///< a further connection to the store
    std::function<void(std::chrono::milliseconds)> sleep{};
};

/// Held, and renewed, as long as the object lives.
class SourceLease {
public:
    /// `holder` is for people. Throws Error{temporary} when another host has it for too long.
    SourceLease(Connection& store,
                std::string source,
                const std::string& holder,
                const LeaseTerms& terms);
    SourceLease(const SourceLease&) = delete;
    SourceLease& operator=(const SourceLease&) = delete;
    ~SourceLease();

    /// What hold_source() asks for.
    std::int64_t token() const noexcept { return token_; }

private:
    Connection& store_;
    std::string source_;
    std::int64_t token_;
    LeaseKeeper keeper_;
};

}  // namespace isinfetch
