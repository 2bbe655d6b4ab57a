// What the runs of all sources have in common: the lock, the state, the report. Runs of lists and
// of events differ in between.
#pragma once

#include "config/config.hpp"
#include "core/report.hpp"
#include "fetch/download.hpp"
#include "job/lease_keeper.hpp"
#include "job/run_context.hpp"
#include "store/lease.hpp"
#include "store/merge.hpp"
#include "store/state.hpp"
#include "util/pulse.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace isinfetch {

/// Adds the time until its end to one stage of the report.
class StageTimer {
public:
    StageTimer(SourceReport& report, const RunContext& context, const char* stage);
    StageTimer(const StageTimer&) = delete;
    StageTimer& operator=(const StageTimer&) = delete;
    ~StageTimer();

private:
    std::chrono::milliseconds& spent_;
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

/// Copies what the merge counted into the report.
void take_counts(const MergeCounts& counts, SourceReport& report);

class SourceJob {
public:
    SourceJob(const SourceConfig& source, RunContext& context, SourceReport& report)
        : source_(source), context_(context), report_(report) {}
    SourceJob(const SourceJob&) = delete;
    SourceJob& operator=(const SourceJob&) = delete;
    virtual ~SourceJob() = default;

    /// From the lock on. Throws Error.
    void run();

    /// Others may run the source now.
    void end() noexcept;

    /// The report says what happened even if the store cannot take it (a full disk).
    void fail_with(const Error& error) noexcept;

    /// Puts into the report how fresh the list is now, and what the next run goes on with.
    void judge_list() noexcept;

protected:
    /// What comes once the source has been found due.
    virtual void work() = 0;

    /// Runs `ask`, which talks to the publisher. What was tried belongs into the report, also when
    /// it failed.
    void ask_publisher(
        const std::function<void(const FetchEnvironment& environment, FetchTrace& trace)>& ask);

    /// Records an outcome that brought no new list; `also` adds to the same transaction what hangs
    /// on its row of run_source, whose key it is given.
    void settle(SourceStatus status, const std::function<void(std::int64_t entry)>& also = {});

    /// Does `action` with the store, which no other source uses meanwhile; see insist().
    void with_store(const std::function<void()>& action) const;

    /// Throws Error{interrupted} after a signal, Error{temporary} past the deadline, Error{busy}
    /// when another host has taken over.
    void check() const;

    /// Brings state_ up to date with the report. `is_complete`: has all been applied that is there?
    void take_outcome(bool is_complete);

    /// Remembers what keeps the list from being current; nothing, if it is empty.
    void note_waiting(Waiting hold);

    /// Locks the source's row for what is about to be committed. Throws as fail_outrun().
    void hold();

    /// Does what merges the records. Where that meets what another run has committed meanwhile:
    /// throws as fail_outrun().
    MergeCounts merge_records(const std::function<MergeCounts()>& merge) const;

    /// Throws Error{busy}: somebody else has published meanwhile, or has taken over and will.
    [[noreturn]] void fail_outrun() const;

    /// Commits a version of the list; see commit_surely().
    void commit(Transaction& transaction, std::int64_t version);

    /// Are the guards waived for this source, this once?
    bool is_waived() const;

    /// What to say behind a refusal of a file with these counts: how it is published all the same,
    /// where it can be.
    std::string waiver_hint(const Counts& counts) const;

    /// A dry run has no row of its own; inside the transaction it needs one all the same.
    std::int64_t run_key() const;

    Timestamp now() const { return context_.environment.now(); }

    const SourceConfig& source_;
    RunContext& context_;
    SourceReport& report_;
    SourceState state_{};
    std::int64_t step_ = 1;  ///< of the next row of run_source

private:
    void load();
    void reload();
    bool may_ask();
    bool claim();
    void take_lease();
    void keep_lease(std::int64_t token);
    void note_takeover(const LeaseState& lease);
    std::optional<std::int64_t> try_lease(LeaseState& lease);
    std::string lease_holder() const;
    void refuse_hopeless(const LeaseState& lease) const;
    bool keep_row(SourceStatus status);
    void record(SourceStatus status, const std::function<void(std::int64_t entry)>& also);
    void tell_takeover();
    bool adopt_recorded();

    Claim claim_{};
    bool is_claimed_ = false;  ///< may the source's row be written?
    bool is_leased_ = false;
    mutable Pulse pulse_{};
    std::unique_ptr<LeaseKeeper> keeper_{};
};

}  // namespace isinfetch
