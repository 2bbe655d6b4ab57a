#include "job/list_run.hpp"

#include "job/guard.hpp"
#include "job/outcome.hpp"
#include "store/merge.hpp"
#include "store/rollback.hpp"
#include "store/state.hpp"

#include <fmt/format.h>

#include <mutex>

namespace isinfetch {

void ListRun::work() {
    const FileRecord file = context_.options.offline ? fetch_offline() : fetch_online();
    if (is_known(file)) {
        settle_unchanged(file);
    } else {
        publish(file);
    }
}

FileRecord ListRun::fetch_offline() {
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

FileRecord ListRun::fetch_online() {
    FileRecord file;
    ask_publisher([&](const FetchEnvironment& environment, FetchTrace& trace) {
        file = fetch_with(environment, trace);
    });
    return file;
}

FileRecord ListRun::fetch_with(const FetchEnvironment& environment, FetchTrace& trace) {
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
    report_.url = redacted(remote.url);
    if (is_held(remote)) {
        report_.sha256 = state_.sha256;
        return {.name = remote.name,
                .url = remote.url,
                .sha256 = state_.sha256,
                .checksum = remote.checksum,
                .published = remote.published,
                .etag = state_.etag,
                .last_modified = state_.last_modified};
    }
    const StageTimer timer(report_, context_, "download");
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

/// What never changes need not be asked for again, not even whether it changed.
bool ListRun::is_held(const RemoteFile& remote) const {
    return remote.is_fixed && remote.url == state_.url && !state_.sha256.empty() &&
           context_.archive.find(state_.sha256).has_value();
}

/// A conditional request makes sense only for bytes that are still there.
Validators ListRun::known_validators(const std::string& url) const {
    if (url != state_.url || state_.sha256.empty() || !context_.archive.find(state_.sha256)) {
        return {};
    }
    return {state_.etag, state_.last_modified};
}

/// The same bytes, read with the same settings, give the same list.
bool ListRun::is_known(const FileRecord& file) const {
    return state_.head != 0 && file.sha256 == state_.sha256 && source_.mapping == state_.mapping;
}

void ListRun::settle_unchanged(const FileRecord& file) {
    state_.url = file.url;
    state_.etag = file.etag;
    state_.last_modified = file.last_modified;
    settle(SourceStatus::unchanged);
}

/// When the list was published: what discovery says, else the server, else now. Never before the
/// list that is already there: a publisher who goes back to an older file publishes it again.
std::string ListRun::publication_time(const FileRecord& file) const {
    const std::string current_time = format_time(now());
    std::string published = file.published;
    if (published.empty()) {
        const auto modified = parse_http_date(file.last_modified);
        published = modified ? format_time(*modified) : current_time;
    }
    const bool plausible = published > state_.published && published <= current_time;
    return plausible ? published : current_time;
}

void ListRun::publish(FileRecord file) {
    LoadedFile loaded(context_.environment.state_dir, context_.config.sort_memory);
    {
        const StageTimer timer(report_, context_, "parse");
        const auto path = context_.archive.find(file.sha256);
        if (!path) {
            fail(ErrorKind::gone, "{}: file {} left the archive", source_.name, file.sha256);
        }
        load_file(
            {.path = *path}, source_, [this] { check(); }, loaded, report_);
        loaded.staging.sort();
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
std::optional<std::string> ListRun::merge(const FileRecord& file, LoadedFile& loaded) {
    const StageTimer timer(report_, context_, "merge");
    Connection& store = context_.environment.store;
    const std::lock_guard lock(context_.store_mutex);
    const FirstLoad first(store, report_.counts.accepted);
    Transaction transaction(store);
    const SourceState previous = load_state(store, source_.name);
    if (previous.head != state_.head) {
        fail(ErrorKind::temporary, "{}: another run published meanwhile", source_.name);
    }
    report_.status = SourceStatus::updated;
    report_.published = file.published;
    const std::int64_t run = run_key();
    state_.id = ensure_source(store, source_.name);
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
    hold();
    context_.archive.release(source_.name, file.sha256);
    adopt_file(file, loaded, version);
    apply_outcome(state_, report_, now());
    save_state(store, state_);
    update_counts(store, version, report_);
    keep_previous(store, version, previous, MergeKind::list);
    record_file(store, state_.id, version, file);
    commit(transaction, version);
    return std::nullopt;
}

void ListRun::adopt_file(const FileRecord& file, const LoadedFile& loaded, std::int64_t version) {
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

void ListRun::settle_refused(const FileRecord& file, const std::string& why) {
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
    state_.id = ensure_source(store, source_.name);
    hold();
    apply_outcome(state_, report_, now());
    save_state(store, state_);
    const std::int64_t entry = record_source(store, context_.run, state_.id, report_);
    FileRecord refused = file;
    refused.applied = false;
    record_file(store, state_.id, entry, refused);
    transaction.commit();
}

}  // namespace isinfetch
