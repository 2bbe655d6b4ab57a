#include "job/source_job.hpp"

#include "job/outcome.hpp"
#include "job/schedule.hpp"
#include "util/file.hpp"
#include "util/file_lock.hpp"
#include "util/interrupt.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

namespace isinfetch {

StageTimer::StageTimer(SourceReport& report, const RunContext& context, const char* stage)
    : spent_(report.durations[stage]) {
    context.environment.progress(report.source, stage);
}

StageTimer::~StageTimer() {
    spent_ += std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - start_);
}

/// Copies what the merge counted into the report.
void take_counts(const MergeCounts& counts, SourceReport& report) {
    report.counts.isins = counts.isins;
    report.counts.listings = counts.listings;
    report.counts.duplicates = counts.duplicates;
    report.counts.added = counts.added;
    report.counts.changed = counts.changed;
    report.counts.cosmetic = counts.cosmetic;
    report.counts.terminated = counts.terminated;
    report.counts.cancelled = counts.cancelled;
    report.counts.reconciled = counts.reconciled;
    report.counts.missing = counts.missing;
    report.counts.removed = counts.removed;
    for (const auto& [anomaly, count] : counts.anomalies) {
        report.remarks.warnings[anomaly] += count;
    }
    report.rejections.insert(
        report.rejections.end(), counts.conflicts.begin(), counts.conflicts.end());
}

void SourceJob::run() {
    stop_if_interrupted();
    const auto locks = context_.environment.state_dir / "locks";
    make_directories(locks);
    const std::string holder = fmt::format(
        "pid {}, run {}, since {}", ::getpid(), context_.options.run_id, format_time(now()));
    const FileLock lock(locks / (source_.name + ".lock"), holder, context_.options.lock_wait);
    load();
    if (may_ask()) {
        work();
    }
}

void SourceJob::load() {
    const std::lock_guard lock(context_.store_mutex);
    state_ = load_state(context_.environment.store, source_.name);
    state_.source = source_.name;
    report_.counts.listings = static_cast<std::uint64_t>(state_.records);
    report_.published = state_.published;
}

bool SourceJob::may_ask() {
    const RunOptions& options = context_.options;
    if (options.offline || options.backfill) {
        return true;
    }
    if (!options.ignore_cooldown && is_cooling_down(state_, now())) {
        report_.cooldown_until = state_.cooldown_until;
        report_.error = Error(ErrorKind::temporary,
                              fmt::format("{}: the publisher asked to be left alone until {}",
                                          source_.name,
                                          format_time(*state_.cooldown_until)));
        settle(SourceStatus::cooldown);
        return false;
    }
    if (!options.force && !is_due(state_, source_.cadence, now())) {
        settle(SourceStatus::current);
        return false;
    }
    return true;
}

void SourceJob::ask_publisher(
    const std::function<void(const FetchEnvironment& environment, FetchTrace& trace)>& ask) {
    Environment& outside = context_.environment;
    const FetchEnvironment environment{outside.http,
                                       context_.archive,
                                       outside.sleep,
                                       outside.dice,
                                       outside.now,
                                       context_.deadline};
    FetchTrace trace;
    const auto note = [&] {
        report_.attempts += trace.attempts;
        report_.http_status = trace.http_status;
        report_.cooldown_until = trace.cooldown_until;
    };
    try {
        const auto gate = context_.hosts.enter(source_.url);
        ask(environment, trace);
        note();
    } catch (const Error&) {
        note();
        throw;
    }
}

bool SourceJob::is_waived() const {
    const auto& waived = context_.options.accept_shrink;
    return std::find(waived.begin(), waived.end(), source_.name) != waived.end();
}

std::int64_t SourceJob::run_key() const {
    return context_.run != 0 ? context_.run
                             : begin_run(context_.environment.store,
                                         {.run_id = context_.options.run_id, .dry_run = true});
}

void SourceJob::settle(SourceStatus status) {
    report_.status = status;
    if (context_.run == 0) {
        return;
    }
    Connection& store = context_.environment.store;
    const std::lock_guard lock(context_.store_mutex);
    Transaction transaction(store);
    apply_outcome(state_, report_, now());
    save_state(store, state_);
    record_source(store, context_.run, state_.id, report_, step_);
    transaction.commit();
}

void SourceJob::fail_with(const Error& error) noexcept {
    report_.error = error;
    report_.status = SourceStatus::failed;
    try {
        // Whatever the failed step had put into state_ is not true.
        const std::lock_guard lock(context_.store_mutex);
        state_ = load_state(context_.environment.store, source_.name);
        state_.source = source_.name;
    } catch (const std::exception&) {
        return;
    }
    try {
        settle(SourceStatus::failed);
    } catch (const std::exception&) {
        report_.remarks.warnings["the failure could not be recorded in the store"] = 1;
    }
}

}  // namespace isinfetch
