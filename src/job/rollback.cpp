#include "job/rollback.hpp"

#include "core/report.hpp"
#include "job/commit.hpp"
#include "store/lease.hpp"
#include "store/state.hpp"
#include "util/error.hpp"
#include "util/file.hpp"
#include "util/file_lock.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <memory>

namespace isinfetch {

namespace {

FileLock lock_source(const std::filesystem::path& state_dir,
                     const RollbackOptions& options,
                     Timestamp since) {
    return {Directory::make(state_dir / "locks", 1),
            options.source + ".lock",
            fmt::format(
                "pid {}, rollback {}, since {}", ::getpid(), options.run_id, format_time(since)),
            options.lock_wait};
}

/// The rows of run and run_source that stand for the rollback. Gives the latter's key.
std::int64_t record(Connection& store,
                    std::int64_t run,
                    const SourceState& state,
                    const std::vector<UndoableMerge>& merges) {
    const SourceReport report{.source = state.source, .status = SourceStatus::updated};
    const std::int64_t by = record_source(store, run, state.id, report);
    const std::array<Parameter, 2> parameters{merges.back().run_source, by};
    store.execute("UPDATE run_source SET undoes = $1 WHERE id = $2", parameters);
    return by;
}

void record_counts(Connection& store, std::int64_t by, const Undone& undone) {
    SourceReport report{.source = undone.state.source, .status = SourceStatus::updated};
    report.published = undone.state.published;
    report.sha256 = undone.state.sha256;
    report.counts.listings = static_cast<std::uint64_t>(undone.state.records);
    report.counts.added = undone.reopened;
    report.counts.removed = undone.removed;
    update_counts(store, by, report);
}

[[noreturn]] void fail_without_list(const std::string& source) {
    fail(ErrorKind::gone, "{}: there is no list that could be undone", source);
}

/// Before the lease, which would make a row of it.
void refuse_unknown(Connection& store, const std::string& source) {
    if (load_state(store, source).head == 0) {
        fail_without_list(source);
    }
}

/// The lease of the source, where hosts share the store. A dry run is in nobody's way: whoever
/// takes the lease meanwhile ends it.
std::unique_ptr<SourceLease> lease_source(RollbackEnvironment& environment,
                                          const RollbackOptions& options) {
    if (environment.lease.duration.count() == 0 || options.dry_run) {
        return nullptr;
    }
    LeaseTerms terms = environment.lease;
    terms.wait = options.lock_wait;
    const std::string holder =
        fmt::format("{}, pid {}, rollback {}", environment.host, ::getpid(), options.run_id);
    return std::make_unique<SourceLease>(environment.store, options.source, holder, terms);
}

/// For what is about to be committed.
void hold(Connection& store, const Claim& claim) {
    if (!hold_source(store, claim)) {
        fail(ErrorKind::busy,
             "{}: another host has published meanwhile, or will: nothing was undone",
             claim.source);
    }
}

/// All of it, by whoever has lock and lease.
RollbackReport undo(RollbackEnvironment& environment,
                    const RollbackOptions& options,
                    RunReport& run,
                    const SourceLease* lease) {
    Connection& store = environment.store;
    Transaction transaction(store);
    const SourceState state = load_state(store, options.source);
    announce_writer(store, options.source);
    RollbackReport report;
    report.merges = merges_to_undo(store, state, options.back_to);
    if (report.merges.empty()) {
        fail_without_list(options.source);
    }
    const std::int64_t key = begin_run(store, run);
    const std::int64_t by = record(store, key, state, report.merges);
    report.undone = undo_merges(store, state, report.merges, by);
    hold(store, {options.source, lease ? lease->token() : state.fence, state.head});
    save_state(store, report.undone.state);
    record_counts(store, by, report.undone);
    run.finished = environment.now();
    end_run(store, key, run, ExitCode::ok);
    if (!options.dry_run) {
        commit_surely(transaction, store, {options.source, by, key}, environment.lease.sleep);
    }
    return report;
}

}  // namespace

RollbackReport roll_back(RollbackEnvironment& environment, const RollbackOptions& options) {
    RunReport run{.run_id = options.run_id,
                  .host = environment.host,
                  .started = environment.now(),
                  .dry_run = options.dry_run};
    const FileLock lock = lock_source(environment.state_dir, options, run.started);
    refuse_unknown(environment.store, options.source);
    const auto lease = lease_source(environment, options);
    try {
        return undo(environment, options, run, lease.get());
    } catch (const Error& error) {
        if (lease) {
            lease->tell_takeover(error);
        }
        throw;
    }
}

}  // namespace isinfetch
