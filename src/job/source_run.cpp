#include "job/source_run.hpp"

#include "job/guard.hpp"
#include "job/load_file.hpp"
#include "job/outcome.hpp"
#include "job/schedule.hpp"
#include "store/merge.hpp"
#include "store/state.hpp"
#include "util/file_lock.hpp"
#include "util/interrupt.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <new>

namespace isinfetch {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// Adds the time until its end to one stage of the report.
class StageTimer {
public:
    StageTimer(SourceReport& report, const RunContext& context, const char* stage)
        : spent_(report.durations[stage]) {
        context.environment.progress(report.source, stage);
    }
    StageTimer(const StageTimer&) = delete;
    StageTimer& operator=(const StageTimer&) = delete;
    ~StageTimer() {
        spent_ += std::chrono::duration_cast<milliseconds>(steady_clock::now() - start_);
    }

private:
    milliseconds& spent_;
    steady_clock::time_point start_ = steady_clock::now();
};

/// Copies what the merge counted into the report.
void take_counts(const MergeCounts& counts, SourceReport& report) {
    report.counts.isins = counts.isins;
    report.counts.listings = counts.listings;
    report.counts.duplicates = counts.duplicates;
    report.counts.added = counts.added;
    report.counts.changed = counts.changed;
    report.counts.cosmetic = counts.cosmetic;
    report.counts.removed = counts.removed;
    report.rejections.insert(
        report.rejections.end(), counts.conflicts.begin(), counts.conflicts.end());
}

/// The steps of one source's run, in the order of the run protocol.
class SourceRun {
public:
    SourceRun(const SourceConfig& source, RunContext& context, SourceReport& report)
        : source_(source), context_(context), report_(report) {}

    void run();
    void fail_with(const Error& error) noexcept;

private:
    void load();
    bool may_ask();
    FileRecord fetch_offline();
    FileRecord fetch_online();
    FileRecord fetch_with(const FetchEnvironment& environment, FetchTrace& trace);
    Validators known_validators(const std::string& url) const;
    bool is_known(const FileRecord& file) const;
    void settle_unchanged(const FileRecord& file);
    void publish(FileRecord file);
    std::optional<std::string> merge(const FileRecord& file, LoadedFile& loaded);
    void settle_refused(const FileRecord& file, const std::string& why);
    void adopt_file(const FileRecord& file, const LoadedFile& loaded, std::int64_t version);
    void settle(SourceStatus status);
    std::string publication_time(const FileRecord& file) const;
    bool is_waived() const;
    Timestamp now() const { return context_.environment.now(); }

    const SourceConfig& source_;
    RunContext& context_;
    SourceReport& report_;
    SourceState state_{};
};

void SourceRun::run() {
    stop_if_interrupted();
    const auto locks = context_.environment.state_dir / "locks";
    make_directories(locks);
    const std::string holder = fmt::format(
        "pid {}, run {}, since {}", ::getpid(), context_.options.run_id, format_time(now()));
    const FileLock lock(locks / (source_.name + ".lock"), holder, context_.options.lock_wait);
    load();
    if (!may_ask()) {
        return;
    }
    const FileRecord file = context_.options.offline ? fetch_offline() : fetch_online();
    if (is_known(file)) {
        settle_unchanged(file);
    } else {
        publish(file);
    }
}

void SourceRun::load() {
    const std::lock_guard lock(context_.store_mutex);
    state_ = load_state(context_.environment.store, source_.name);
    state_.source = source_.name;
    report_.counts.listings = static_cast<std::uint64_t>(state_.records);
    report_.published = state_.published;
}

bool SourceRun::may_ask() {
    const RunOptions& options = context_.options;
    if (options.offline) {
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

FileRecord SourceRun::fetch_offline() {
    const auto file = [&] {
        const std::lock_guard lock(context_.store_mutex);
        return newest_file(context_.environment.store, state_.id);
    }();
    if (!file || !context_.archive.find(file->sha256)) {
        fail(ErrorKind::gone, "{}: not in the archive: run it once online", source_.name);
    }
    report_.url = redacted(file->url);
    report_.sha256 = file->sha256;
    report_.bytes = file->bytes;
    return *file;
}

FileRecord SourceRun::fetch_online() {
    Environment& outside = context_.environment;
    const FetchEnvironment environment{outside.http,
                                       context_.archive,
                                       outside.sleep,
                                       outside.dice,
                                       outside.now,
                                       context_.deadline};
    FetchTrace trace;
    // What was tried belongs into the report, also when it failed.
    const auto note = [&] {
        report_.attempts = trace.attempts;
        report_.http_status = trace.http_status;
        report_.cooldown_until = trace.cooldown_until;
    };
    try {
        FileRecord file = fetch_with(environment, trace);
        note();
        return file;
    } catch (const Error&) {
        note();
        throw;
    }
}

FileRecord SourceRun::fetch_with(const FetchEnvironment& environment, FetchTrace& trace) {
    const auto gate = context_.hosts.enter(source_.url);
    RemoteFile remote;
    {
        const StageTimer timer(report_, context_, "discover");
        auto files = source_.discovery->discover({.source = source_.name,
                                                  .url = source_.url,
                                                  .checksum = source_.checksum,
                                                  .options = source_.fetch},
                                                 environment,
                                                 trace);
        if (files.size() != 1) {
            fail(ErrorKind::internal,
                 "{}: {} files, but only one is read",
                 source_.name,
                 files.size());
        }
        remote = std::move(files.front());
    }
    const StageTimer timer(report_, context_, "download");
    report_.url = redacted(remote.url);
    const Download got = download(
        remote, source_.name, source_.fetch, known_validators(remote.url), environment, trace);
    FileRecord file{.name = remote.name,
                    .url = remote.url,
                    .sha256 = got.unchanged ? state_.sha256 : got.sha256,
                    .checksum = remote.checksum,
                    .published = remote.published,
                    .etag = got.unchanged ? state_.etag : got.etag,
                    .last_modified = got.unchanged ? state_.last_modified : got.last_modified,
                    .bytes = got.bytes};
    report_.sha256 = file.sha256;
    report_.bytes = got.bytes;
    return file;
}

/// A conditional request makes sense only for bytes that are still there.
Validators SourceRun::known_validators(const std::string& url) const {
    if (url != state_.url || state_.sha256.empty() || !context_.archive.find(state_.sha256)) {
        return {};
    }
    return {state_.etag, state_.last_modified};
}

/// The same bytes, read with the same settings, give the same list.
bool SourceRun::is_known(const FileRecord& file) const {
    return state_.head != 0 && file.sha256 == state_.sha256 && source_.mapping == state_.mapping;
}

void SourceRun::settle_unchanged(const FileRecord& file) {
    state_.url = file.url;
    state_.etag = file.etag;
    state_.last_modified = file.last_modified;
    settle(SourceStatus::unchanged);
}

/// When the list was published: what discovery says, else the server, else now. Never before the
/// list that is already there: a publisher who goes back to an older file publishes it again.
std::string SourceRun::publication_time(const FileRecord& file) const {
    const std::string current_time = format_time(now());
    std::string published = file.published;
    if (published.empty()) {
        const auto modified = parse_http_date(file.last_modified);
        published = modified ? format_time(*modified) : current_time;
    }
    const bool plausible = published > state_.published && published <= current_time;
    return plausible ? published : current_time;
}

bool SourceRun::is_waived() const {
    const auto& waived = context_.options.accept_shrink;
    return std::find(waived.begin(), waived.end(), source_.name) != waived.end();
}

void SourceRun::publish(FileRecord file) {
    LoadedFile loaded(context_.environment.state_dir, context_.config.sort_memory);
    {
        const StageTimer timer(report_, context_, "parse");
        const auto path = context_.archive.find(file.sha256);
        if (!path) {
            fail(ErrorKind::gone, "{}: file {} left the archive", source_.name, file.sha256);
        }
        load_file(
            *path, source_, [this] { check_time(context_); }, loaded, report_);
    }
    file.published = publication_time(file);
    auto refusal = judge_file(source_.guards, report_.counts, loaded.summary, state_);
    if (refusal && is_waived() && report_.counts.accepted > 0) {
        refusal.reset();
    }
    if (!refusal) {
        refusal = merge(file, loaded);
    }
    if (refusal) {
        settle_refused(file, *refusal);
    }
}

/// Everything of the new list in one transaction, or nothing. Gives the reason for a refusal.
std::optional<std::string> SourceRun::merge(const FileRecord& file, LoadedFile& loaded) {
    const StageTimer timer(report_, context_, "merge");
    Connection& store = context_.environment.store;
    const std::lock_guard lock(context_.store_mutex);
    Transaction transaction(store);
    const SourceState previous = load_state(store, source_.name);
    if (previous.head != state_.head) {
        fail(ErrorKind::temporary, "{}: another run published meanwhile", source_.name);
    }
    report_.status = SourceStatus::updated;
    report_.published = file.published;
    // A dry run has no row of its own; inside the transaction it needs one all the same.
    const std::int64_t run =
        context_.run != 0 ? context_.run
                          : begin_run(store, {.run_id = context_.options.run_id, .dry_run = true});
    save_state(store, state_);
    const std::int64_t version = record_source(store, run, state_.id, report_);
    const MergeCounts counts = merge_snapshot(store,
                                              {.source = state_.id,
                                               .run_source = version,
                                               .published = file.published,
                                               .venue_is_mic = source_.venue_is_mic,
                                               .tail = previous.tail},
                                              loaded.staging);
    take_counts(counts, report_);
    if (auto refusal = judge_merge(source_.guards, counts, previous); refusal && !is_waived()) {
        return refusal;
    }
    if (context_.run == 0) {
        return std::nullopt;
    }
    context_.archive.release(source_.name, file.sha256);
    adopt_file(file, loaded, version);
    apply_outcome(state_, report_, now());
    save_state(store, state_);
    update_counts(store, version, report_);
    record_file(store, state_.id, version, file);
    transaction.commit();
    return std::nullopt;
}

void SourceRun::adopt_file(const FileRecord& file, const LoadedFile& loaded, std::int64_t version) {
    state_.records = static_cast<std::int64_t>(report_.counts.listings);
    state_.head = version;
    state_.url = file.url;
    state_.sha256 = file.sha256;
    state_.etag = file.etag;
    state_.last_modified = file.last_modified;
    state_.published = file.published;
    state_.encoding = report_.encoding;
    state_.mapping = source_.mapping;
    state_.line_end = loaded.summary.line_end;
    state_.tail = loaded.tail;
}

void SourceRun::settle_refused(const FileRecord& file, const std::string& why) {
    report_.error = Error(ErrorKind::data,
                          fmt::format("{}: {}: refused: {} (--accept-shrink {} publishes it once)",
                                      source_.name,
                                      redacted(file.url),
                                      why,
                                      source_.name));
    report_.status = SourceStatus::refused;
    if (context_.run == 0) {
        return;
    }
    context_.archive.quarantine(source_.name, file.sha256);
    Connection& store = context_.environment.store;
    const std::lock_guard lock(context_.store_mutex);
    Transaction transaction(store);
    apply_outcome(state_, report_, now());
    save_state(store, state_);
    const std::int64_t entry = record_source(store, context_.run, state_.id, report_);
    FileRecord refused = file;
    refused.applied = false;
    record_file(store, state_.id, entry, refused);
    transaction.commit();
}

/// Records an outcome that brought no new list.
void SourceRun::settle(SourceStatus status) {
    report_.status = status;
    if (context_.run == 0) {
        return;
    }
    Connection& store = context_.environment.store;
    const std::lock_guard lock(context_.store_mutex);
    Transaction transaction(store);
    apply_outcome(state_, report_, now());
    save_state(store, state_);
    record_source(store, context_.run, state_.id, report_);
    transaction.commit();
}

/// The report says what happened even if the store cannot take it (a full disk).
void SourceRun::fail_with(const Error& error) noexcept {
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

}  // namespace

void run_source(const SourceConfig& source, RunContext& context, SourceReport& report) noexcept {
    report.source = source.name;
    SourceRun run(source, context, report);
    try {
        run.run();
    } catch (const Error& error) {
        run.fail_with(error);
    } catch (const std::bad_alloc&) {
        run.fail_with(Error(ErrorKind::os, source.name + ": out of memory"));
    } catch (const std::exception& error) {
        run.fail_with(Error(ErrorKind::internal, source.name + ": " + error.what()));
    }
}

}  // namespace isinfetch
