#include "job/source_job.hpp"

#include "fetch/archive_lock.hpp"
#include "job/commit.hpp"
#include "job/freshness.hpp"
#include "job/guard.hpp"
#include "job/kept.hpp"
#include "job/outcome.hpp"
#include "job/schedule.hpp"
#include "util/file.hpp"
#include "util/file_lock.hpp"
#include "util/interrupt.hpp"
#include "util/log.hpp"
#include "util/text.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

namespace isinfetch {

namespace {

/// Removing files takes no longer; a run that does not want to wait for another one may wait so
/// long.
constexpr std::chrono::seconds kPruneWait{60};

}  // namespace

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
    const std::string holder = fmt::format(
        "pid {}, run {}, since {}", ::getpid(), context_.options.run_id, format_time(now()));
    const FileLock lock(Directory::make(context_.environment.state_dir / "locks", 1),
                        source_.name + ".lock",
                        holder,
                        context_.options.lock_wait);
    const FileLock archive = count_on_archive(context_.environment.state_dir,
                                              std::max(kPruneWait, context_.options.lock_wait));
    load();
    if (may_ask() && claim()) {
        work();
    }
}

void SourceJob::end() noexcept {
    keeper_.reset();
    if (!is_leased_) {
        return;
    }
    try {
        with_store(
            [this] { give_lease_back(context_.environment.store, source_.name, claim_.token); });
    } catch (const std::exception& error) {
        log(LogLevel::debug, "{}: lease not given back: {}", source_.name, error.what());
    }
}

void SourceJob::with_store(const std::function<void()>& action) const {
    insist(context_.environment, [&] {
        const std::lock_guard lock(context_.store_mutex);
        action();
    });
}

void SourceJob::load() {
    with_store([this] { state_ = load_state(context_.environment.store, source_.name); });
    state_.source = source_.name;
    claim_ = {source_.name, state_.fence, state_.head};
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

void SourceJob::check() const {
    pulse_.beat();
    check_time(context_);
    if (keeper_) {
        keeper_->check();
    }
}

void SourceJob::hold() {
    if (!hold_source(context_.environment.store, claim_)) {
        fail_outrun();
    }
}

void SourceJob::commit(Transaction& transaction, std::int64_t version) {
    commit_surely(transaction,
                  context_.environment.store,
                  {source_.name, version, context_.run},
                  context_.environment.sleep);
    claim_.head = version;
}

void SourceJob::ask_publisher(
    const std::function<void(const FetchEnvironment& environment, FetchTrace& trace)>& ask) {
    Environment& outside = context_.environment;
    PoliteHttp http(outside.http, context_.hosts, source_.name);
    const FetchEnvironment environment{
        http, context_.archive, outside.sleep, outside.dice, outside.now, context_.deadline};
    const Pulse::Rest rest(pulse_);  // requests and delays have limits of their own
    FetchTrace trace;
    const auto note = [&] {
        report_.attempts += trace.attempts;
        report_.http_status = trace.http_status;
        report_.cooldown_until = trace.cooldown_until;
    };
    try {
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

std::string SourceJob::waiver_hint(const Counts& counts) const {
    return can_be_waived(counts)
               ? fmt::format(" (--accept-shrink {} publishes it once)", source_.name)
               : "";
}

std::int64_t SourceJob::run_key() const {
    return context_.run != 0 ? context_.run
                             : begin_run(context_.environment.store,
                                         {.run_id = context_.options.run_id,
                                          .host = context_.config.host(),
                                          .dry_run = true});
}

void SourceJob::settle(SourceStatus status, const std::function<void(std::int64_t entry)>& also) {
    report_.status = status;
    if (context_.run == 0) {
        return;
    }
    const SourceState before = state_;
    with_store([&] {
        state_ = before;
        record(status, also);
    });
}

/// Done twice it is the same: what was committed, and not known to be, is left as it is.
void SourceJob::record(SourceStatus status, const std::function<void(std::int64_t entry)>& also) {
    Connection& store = context_.environment.store;
    Transaction transaction(store);
    state_.id = ensure_source(store, source_.name);
    const bool was_asked = status != SourceStatus::current && status != SourceStatus::cooldown;
    const bool is_recorded =
        recorded_status(store, context_.run, state_.id, step_) == std::string(name(status));
    if (is_recorded) {
        state_ = load_state(store, source_.name);
        return;
    }
    if (is_claimed_ && was_asked && keep_row(status)) {
        take_outcome(true);
        save_state(store, state_);
    }
    const std::int64_t entry = record_source(store, context_.run, state_.id, report_, step_);
    if (also) {
        also(entry);
    }
    commit_surely(
        transaction, store, {source_.name, entry, context_.run}, context_.environment.sleep);
}

/// Since when the same publication has been waited for is known from earlier runs.
void SourceJob::note_waiting(Waiting hold) {
    const bool is_known = hold.publication == state_.waiting.publication;
    if (!hold.publication.empty()) {
        hold.since = is_known && state_.waiting.since ? state_.waiting.since : now();
        std::ranges::replace(report_.waiting, hold.reason, describe(hold));
    }
    state_.waiting = hold;
    report_.held_up = std::move(hold);
}

/// What is not complete yet is no success: the next run goes on at once. Nor is a backfill, which
/// does not look for what is new.
void SourceJob::take_outcome(bool is_complete) {
    const auto success = state_.last_success;
    apply_outcome(state_, report_, now());
    if (!is_complete || context_.options.backfill) {
        state_.last_success = success;
    }
}

/// May the row be written? What failed is recorded even when another host has taken over.
bool SourceJob::keep_row(SourceStatus status) {
    if (status == SourceStatus::failed) {
        return hold_source(context_.environment.store, claim_);
    }
    hold();
    return true;
}

// A judgement that cannot be made must not spoil the report of what was done.
void SourceJob::judge_list() noexcept {
    try {
        SourceState state = state_;
        if (context_.run == 0) {  // as it would be
            apply_outcome(state, report_, now());
            state.published = std::max(state.published, report_.published);
        }
        const auto facts = freshness_facts(state, source_.cadence, true, now());
        report_.freshness = judge(facts, now());
        report_.freshness_text = explain(report_.freshness, facts, now());
        if (report_.error) {
            report_.kept = describe_kept(context_.environment.state_dir, source_.name);
        }
    } catch (const std::exception& error) {
        log(LogLevel::debug, "{}: freshness not judged: {}", source_.name, error.what());
    }
}

/// Whatever a failed step had put into state_ is not true.
void SourceJob::reload() {
    with_store([this] { state_ = load_state(context_.environment.store, source_.name); });
    state_.source = source_.name;
    claim_.head = state_.head;
}

/// Does the store know of an end of this step that the run was not told of, because the reply to
/// its COMMIT was lost? Then that is the truth.
bool SourceJob::adopt_recorded() {
    std::optional<std::string> recorded;
    with_store([&] {
        recorded = recorded_status(context_.environment.store, context_.run, state_.id, step_);
    });
    if (!recorded) {
        return false;
    }
    for (const SourceStatus status :
         {SourceStatus::unchanged, SourceStatus::current, SourceStatus::updated}) {
        const bool is_whole = status != SourceStatus::updated || !source_.discovery->events;
        if (is_whole && *recorded == name(status)) {
            report_.status = status;
            report_.error.reset();
            return true;
        }
    }
    ++step_;  // the failure gets a row of its own
    return false;
}

void SourceJob::fail_with(const Error& error) noexcept {
    report_.error = error;
    report_.status = SourceStatus::failed;
    try {
        reload();
        tell_takeover();
        if (context_.run != 0 && adopt_recorded()) {
            return;
        }
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
