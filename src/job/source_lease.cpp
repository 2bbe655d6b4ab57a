#include "job/source_lease.hpp"

#include "util/error.hpp"
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
        const LeaseState lease = read_lease(store, source);
        const auto token =
            lease.is_over ? take_lease(store, source, holder, terms.duration) : std::nullopt;
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
    fail(ErrorKind::temporary,
         "{}: another host works on it ({}, until {})",
         source,
         printable(lease.holder),
         lease.until);
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
      token_(wait_for_lease(store, source_, holder, terms)),
      keeper_({source_, token_, terms.duration}, terms.connect) {}

// One that cannot be given back runs out.
SourceLease::~SourceLease() {
    try {
        give_lease_back(store_, source_, token_);
    } catch (const std::exception& error) {
        log(LogLevel::debug, "{}: lease not given back: {}", source_, error.what());
    }
}

}  // namespace isinfetch
