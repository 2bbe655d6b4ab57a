#include "job/source_lease.hpp"

#include "job/insist.hpp"
#include "store/state.hpp"
#include "util/log.hpp"
#include "util/text.hpp"

#include <optional>
#include <utility>

namespace isinfetch {

namespace {

constexpr std::chrono::seconds kPoll{1};

std::int64_t wait_for_lease(Connection& store,
                            const std::string& source,
                            const std::string& holder,
                            const LeaseTerms& terms) {
    const auto end = std::chrono::steady_clock::now() + terms.wait;
    for (bool is_said = false;; is_said = true) {
        LeaseState lease;
        std::optional<std::int64_t> token;
        insist(true, terms.sleep, [&] {
            lease = read_lease(store, source);
            // Our own, when the reply to the taking of it was lost.
            const bool is_free = lease.is_over || lease.holder == holder;
            token = is_free ? take_lease(store, source, holder, terms.duration) : std::nullopt;
        });
        if (token) {
            return *token;
        }
        if (!lease.is_over && std::chrono::steady_clock::now() >= end) {
            fail_leased(source, lease);
        }
        if (!is_said) {
            say_leased(source, lease);
        }
        terms.sleep(kPoll);
    }
}

}  // namespace

void fail_leased(const std::string& source, const LeaseState& lease) {
    fail(ErrorKind::busy,
         "{}: another host works on it ({}, until {})",
         source,
         printable(lease.holder),
         lease.until);
}

void fail_overtaken(const std::string& source,
                    const LeaseState& lease,
                    const std::string& noticed) {
    fail(ErrorKind::busy,
         "{}: another host has taken over{}: this one was silent for too long, or its lease was"
         " broken{}{}",
         source,
         lease.holder.empty() ? "" : " (" + printable(lease.holder) + ")",
         noticed.empty() ? "" : "; noticed by: ",
         noticed);
}

void say_leased(const std::string& source, const LeaseState& lease) {
    log_progress(fmt::format("{}: waiting for another host ({}, until {})",
                             source,
                             printable(lease.holder),
                             lease.until));
}

SourceLease::SourceLease(Connection& store,
                         std::string source,
                         const std::string& holder,
                         const LeaseTerms& terms)
    : store_(store),
      source_(std::move(source)),
      sleep_(terms.sleep),
      token_(wait_for_lease(store, source_, holder, terms)),
      keeper_({source_, token_, terms.duration}, terms.connect, terms.goes_on) {}

void SourceLease::tell_takeover(const Error& noticed) const {
    if (noticed.kind() != ErrorKind::temporary) {
        return;
    }
    LeaseState lease;
    std::int64_t newest = token_;
    try {
        insist(true, sleep_, [&] {
            lease = read_lease(store_, source_);
            newest = load_state(store_, source_).fence;
        });
    } catch (const Error&) {
        return;
    }
    if (newest != token_) {
        fail_overtaken(source_, lease, noticed.what());
    }
}

// One that cannot be given back runs out.
SourceLease::~SourceLease() {
    try {
        give_lease_back(store_, source_, token_);
    } catch (const std::exception& error) {
        log(LogLevel::debug, "{}: lease not given back: {}", source_, error.what());
    }
}

}  // namespace isinfetch
