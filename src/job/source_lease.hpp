// The lease of a source, for work on it that is no run.
#pragma once

#include "job/lease_keeper.hpp"
#include "store/connection.hpp"
#include "store/lease.hpp"
#include "util/error.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

namespace isinfetch {

/// Throws Error{busy}: another host has the lease of the source.
[[noreturn]] void fail_leased(const std::string& source, const LeaseState& lease);

/// Says the same as a reason to wait.
void say_leased(const std::string& source, const LeaseState& lease);

/// Throws Error{busy}: another host took over from this one, whose lease ran out or was broken.
/// `lease` is the source's now; `noticed` is by what it was found out, and may be empty.
[[noreturn]] void fail_overtaken(const std::string& source,
                                 const LeaseState& lease,
                                 const std::string& noticed = "");

/// How long a lease lasts, and how to come by it.
struct LeaseTerms {
    std::chrono::seconds duration{0};  ///< 0: the store is this host's own, and needs none
    std::chrono::seconds wait{0};      ///< for another host that works on the source
    LeaseKeeper::Connect connect{};    ///< a further connection to the store
    std::function<void(std::chrono::milliseconds)> sleep{};
    std::function<bool()> goes_on = [] { return true; };  ///< see LeaseKeeper
};

/// Held, and renewed, as long as the object lives.
class SourceLease {
public:
    /// `holder` is for people, and no other's. Throws Error{busy} when another host has it for too
    /// long.
    SourceLease(Connection& store,
                std::string source,
                const std::string& holder,
                const LeaseTerms& terms);
    SourceLease(const SourceLease&) = delete;
    SourceLease& operator=(const SourceLease&) = delete;
    ~SourceLease();

    /// Throws Error{busy} if that is why something failed: see fail_overtaken().
    void tell_takeover(const Error& noticed) const;

    /// What hold_source() asks for.
    std::int64_t token() const noexcept { return token_; }

private:
    Connection& store_;
    std::string source_;
    std::function<void(std::chrono::milliseconds)> sleep_;
    std::int64_t token_;
    LeaseKeeper keeper_;
};

}  // namespace isinfetch
