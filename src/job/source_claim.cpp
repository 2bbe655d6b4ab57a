// Who works on a source, where hosts share a store: the part of SourceJob that is about leases.
#include "job/source_job.hpp"
#include "job/source_lease.hpp"
#include "store/lost_runs.hpp"
#include "store/version_writer.hpp"
#include "util/log.hpp"
#include "util/text.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

namespace isinfetch {

namespace {

constexpr std::chrono::seconds kLeasePoll{1};
constexpr std::int64_t kMostTakeovers = 9;

}  // namespace

/// Makes the source this run's own; false when there is nothing left to do, because another host
/// was quicker. A dry run needs nothing.
bool SourceJob::claim() {
    const bool is_dry = context_.run == 0;
    if (is_dry || context_.environment.lease.count() == 0) {
        is_claimed_ = !is_dry;
        return true;
    }
    take_lease();
    is_claimed_ = true;
    const std::int64_t token = claim_.token;
    load();
    claim_.token = token;
    keep_lease(token);
    return may_ask();
}

/// As long as anything goes on: here, or in the answers of the store, which all sources share.
void SourceJob::keep_lease(std::int64_t token) {
    const Environment& environment = context_.environment;
    const auto goes_on = [this] {
        const auto patience = context_.environment.patience;
        const auto& answers = context_.environment.answers;
        const auto silence =
            answers ? std::min(pulse_.silence(), answers->silence()) : pulse_.silence();
        return patience.count() == 0 || silence < patience;
    };
    pulse_.beat();
    keeper_ = std::make_unique<LeaseKeeper>(
        LeaseKeeper::Lease{source_.name, token, environment.lease}, environment.connect, goes_on);
}

void SourceJob::note_takeover(const LeaseState& lease) {
    if (lease.holder.empty()) {
        return;
    }
    ++report_.remarks.warnings["taken over from " + lease.holder];
    with_store([&] { close_overtaken_run(context_.environment.store, lease.holder, now()); });
}

/// Waits for another host as long as for another run on this one.
void SourceJob::take_lease() {
    const auto end = std::chrono::steady_clock::now() + context_.options.lock_wait;
    for (bool is_said = false;; is_said = true) {
        LeaseState lease;
        std::optional<std::int64_t> token;
        with_store([&] { token = try_lease(lease); });
        if (token) {
            is_leased_ = true;
            claim_.token = *token;
            note_takeover(lease);
            return;
        }
        if (!lease.is_over && std::chrono::steady_clock::now() >= end) {
            fail_leased(source_.name, lease);
        }
        check_time(context_);
        if (!is_said) {
            say_leased(source_.name, lease);
        }
        context_.environment.sleep(kLeasePoll);
    }
}

std::optional<std::int64_t> SourceJob::try_lease(LeaseState& lease) {
    Connection& store = context_.environment.store;
    const std::string holder = lease_holder();
    lease = read_lease(store, source_.name);
    if (lease.holder == holder) {  // the reply to the taking of it was lost
        lease = {};
    }
    if (!lease.is_over) {
        return std::nullopt;
    }
    refuse_hopeless(lease);
    return isinfetch::take_lease(store, source_.name, holder, context_.environment.lease);
}

/// No other's: the name of the run is in it.
std::string SourceJob::lease_holder() const {
    return fmt::format(
        "{}, pid {}, run {}", context_.config.host(), ::getpid(), context_.options.run_id);
}

/// Runs that never end, one after the other, are not begun again and again.
void SourceJob::refuse_hopeless(const LeaseState& lease) const {
    if (!lease.holder.empty() && lease.takeovers >= kMostTakeovers && !context_.options.force) {
        fail(ErrorKind::data,
             "{}: {} runs in a row died or froze, the last one on {}: find out why, then run it"
             " with --force",
             source_.name,
             lease.takeovers + 1,
             printable(lease.holder));
    }
}

// Nothing is locked before the end, so that a host that is slow holds up nobody.
MergeCounts SourceJob::merge_records(const std::function<MergeCounts()>& merge) const {
    try {
        return merge();
    } catch (const VersionsGone&) {
        const SourceState newest = load_state(context_.environment.store, source_.name);
        if (newest.fence != claim_.token || newest.head != claim_.head) {
            fail_outrun();
        }
        throw;
    }
}

void SourceJob::fail_outrun() const {
    Connection& store = context_.environment.store;
    if (is_leased_ && load_state(store, source_.name).fence != claim_.token) {
        fail_overtaken(source_.name, read_lease(store, source_.name));
    }
    fail(ErrorKind::busy, "{}: another run published meanwhile, or will", source_.name);
}

/// Who lost the connection because another host had taken over is told the cause.
void SourceJob::tell_takeover() {
    const bool is_symptom = report_.error->kind() == ErrorKind::temporary;
    if (!is_leased_ || !is_symptom || state_.fence == claim_.token) {
        return;
    }
    try {
        LeaseState lease;
        with_store([&] { lease = read_lease(context_.environment.store, source_.name); });
        fail_overtaken(source_.name, lease, report_.error->what());
    } catch (const Error& error) {
        report_.error = error.kind() == ErrorKind::busy ? error : report_.error;
    }
}

}  // namespace isinfetch
