#include "job/rollback.hpp"

#include "core/report.hpp"
#include "util/error.hpp"
#include "util/file.hpp"
#include "util/file_lock.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>

namespace isinfetch {

namespace {

FileLock lock_source(const std::filesystem::path& state_dir,
                     const RollbackOptions& options,
                     Timestamp since) {
    const auto locks = state_dir / "locks";
    make_directories(locks);
    return {locks / (options.source + ".lock"),
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

}  // namespace

RollbackReport roll_back(Connection& store,
                         const std::filesystem::path& state_dir,
                         const RollbackOptions& options,
                         const std::function<Timestamp()>& now) {
    RunReport run{.run_id = options.run_id, .started = now(), .dry_run = options.dry_run};
    const FileLock lock = lock_source(state_dir, options, run.started);
    Transaction transaction(store);
    const SourceState state = load_state(store, options.source);
    RollbackReport report;
    report.merges = merges_to_undo(store, state, options.back_to);
    if (report.merges.empty()) {
        fail(ErrorKind::gone, "{}: there is no list that could be undone", options.source);
    }
    const std::int64_t key = begin_run(store, run);
    const std::int64_t by = record(store, key, state, report.merges);
    report.undone = undo_merges(store, state, report.merges, by);
    record_counts(store, by, report.undone);
    run.finished = now();
    end_run(store, key, run, ExitCode::ok);
    if (!options.dry_run) {
        transaction.commit();
    }
    return report;
}

}  // namespace isinfetch
