#include "job/list_run.hpp"

#include "fetch/redirect.hpp"
#include "fetch/url.hpp"
#include "job/freshness.hpp"
#include "job/guard.hpp"
#include "job/outcome.hpp"
#include "store/merge.hpp"
#include "store/rollback.hpp"
#include "store/state.hpp"
#include "util/digest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <numeric>
#include <utility>

namespace isinfetch {

namespace {

/// What tells this list from another: the digest of its file, or of all of its pages.
std::string digest_of(const std::vector<FileRecord>& files) {
    if (files.size() == 1) {
        return files.front().sha256;
    }
    Digest digest(Digest::Algorithm::sha256);
    for (const FileRecord& file : files) {
        digest.update(file.sha256 + '\n');
    }
    return digest.hex();
}

std::uint64_t size_of(const std::vector<FileRecord>& files) {
    return std::accumulate(
        files.begin(), files.end(), std::uint64_t{0}, [](std::uint64_t sum, const auto& file) {
            return sum + file.bytes;
        });
}

/// Where to look first, when rows were rejected.
std::string first_rejection(const SourceReport& report) {
    if (report.rejections.empty()) {
        return {};
    }
    const Rejection& first = report.rejections.front();
    return fmt::format("; the first one rejected: line {}, byte {}: '{}': {}",
                       first.position.line,
                       first.position.byte,
                       first.value,
                       first.reason);
}

}  // namespace

void ListRun::work() {
    ListFiles list = context_.options.offline ? fetch_offline() : fetch_online();
    list.sha256 = digest_of(list.files);
    report_.url = redacted(list.files.front().url);
    report_.sha256 = list.sha256;
    report_.bytes = size_of(list.files);
    if (is_known(list)) {
        settle_unchanged(list);
    } else if (judge(list) == Offer::older) {
        settle_older(list);
    } else {
        publish(std::move(list));
    }
}

ListFiles ListRun::fetch_offline() {
    ListFiles list;
    {
        const std::lock_guard lock(context_.store_mutex);
        list.files = newest_files(context_.environment.store, state_.id);
    }
    const bool all_there = std::ranges::all_of(list.files, [&](const FileRecord& file) {
        return context_.archive.find(file.sha256).has_value();
    });
    if (list.files.empty() || !all_there) {
        fail(ErrorKind::gone, "{}: not in the archive: run it once online", source_.name);
    }
    return list;
}

ListFiles ListRun::fetch_online() {
    ListFiles list;
    ask_publisher([&](const FetchEnvironment& environment, FetchTrace& trace) {
        list = fetch_with(environment, trace);
    });
    return list;
}

ListFiles ListRun::fetch_with(const FetchEnvironment& environment, FetchTrace& trace) {
    const std::vector<RemoteFile> remotes = find_files(environment, trace);
    const StageTimer timer(report_, context_, "download");
    ListFiles list;
    for (const RemoteFile& remote : remotes) {
        report_.url = redacted(remote.url);
        list.files.push_back(fetch(remote, environment, trace));
    }
    return list;
}

FileRecord ListRun::fetch(const RemoteFile& file,
                          const FetchEnvironment& environment,
                          FetchTrace& trace) {
    FileRecord record{.name = file.name,
                      .url = without_credentials(file.url),
                      .sha256 = file.sha256,
                      .checksum = file.checksum,
                      .published = file.published,
                      .bytes = file.bytes};
    if (is_held(file)) {
        record.sha256 = state_.sha256;
        record.etag = state_.etag;
        record.last_modified = state_.last_modified;
    } else if (file.sha256.empty()) {
        const Download got = download_file(file, environment, trace);
        record.sha256 = got.unchanged ? state_.sha256 : got.sha256;
        record.etag = got.unchanged ? state_.etag : got.etag;
        record.last_modified = got.unchanged ? state_.last_modified : got.last_modified;
        record.bytes = got.bytes;
    }
    return record;
}

std::vector<RemoteFile> ListRun::find_files(const FetchEnvironment& environment,
                                            FetchTrace& trace) {
    const StageTimer timer(report_, context_, "discover");
    DiscoverRequest request = discover_request(source_);
    request.known_url = state_.url;
    try {
        auto files = source_.discovery->discover(request, environment, trace);
        if (files.empty()) {
            fail(ErrorKind::internal, "{}: discovery gave no file", source_.name);
        }
        if (!trace.waiting.publication.empty()) {
            report_.waiting = {trace.waiting.reason};
        }
        note_waiting(trace.waiting);
        return files;
    } catch (const Error& error) {
        if (!may_fall_back(error)) {
            throw;
        }
        report_.error =
            Error(error.kind(),
                  fmt::format("{}; its address of the last time was used instead", error.what()));
        report_.fallback = true;
        ++report_.remarks.warnings["address not found, that of the last time used"];
        return {{.name = parse_url(state_.url).file_name, .url = state_.url}};
    }
}

/// Only where looking again would not help, and where the source may lead to still.
bool ListRun::may_fall_back(const Error& error) const {
    const bool for_good = error.kind() == ErrorKind::gone || error.kind() == ErrorKind::protocol ||
                          error.kind() == ErrorKind::data;
    const bool has_secrets = state_.url.find("***") != std::string::npos;  // which nobody kept
    if (!source_.discovery->falls_back || !for_good || state_.url.empty() || has_secrets) {
        return false;
    }
    try {
        check_link(source_.url, state_.url, source_.fetch);
        return true;
    } catch (const Error&) {
        return false;
    }
}

/// When the last address does not help either, the cause is what failed before.
Download ListRun::download_file(const RemoteFile& file,
                                const FetchEnvironment& environment,
                                FetchTrace& trace) {
    const FetchOptions options = options_for(source_.url, file.url, source_.fetch);
    try {
        return download(
            file, source_.name, options, known_validators(file.url), environment, trace);
    } catch (const Error& error) {
        if (!report_.fallback) {
            throw;
        }
        fail(report_.error->kind(), "{}: {}", report_.error->what(), error.what());
    }
}

/// Did the list that is there come from this URL? Where secrets are left out, others may look the
/// same, but that of the configuration is known.
bool ListRun::is_place_before(const std::string& url) const {
    return url == state_.url || (url == source_.url && without_credentials(url) == state_.url);
}

/// What never changes need not be asked for again, not even whether it changed.
bool ListRun::is_held(const RemoteFile& remote) const {
    return remote.is_fixed && is_place_before(remote.url) && !state_.sha256.empty() &&
           context_.archive.find(state_.sha256).has_value();
}

/// A conditional request makes sense only for bytes that are still there.
Validators ListRun::known_validators(const std::string& url) const {
    if (!is_place_before(url) || state_.sha256.empty() || !context_.archive.find(state_.sha256)) {
        return {};
    }
    return {state_.etag, state_.last_modified};
}

/// The same bytes, read with the same settings, give the same list.
bool ListRun::is_known(const ListFiles& list) const {
    return state_.head != 0 && list.sha256 == state_.sha256 && source_.mapping == state_.mapping;
}

void ListRun::settle_unchanged(const ListFiles& list) {
    const FileRecord& file = list.files.front();
    state_.url = file.url;
    state_.etag = file.etag;
    state_.last_modified = file.last_modified;
    note_offer(state_, file.published, file.last_modified, now());
    state_.older_since.reset();
    state_.older_runs = 0;
    settle(SourceStatus::unchanged);
}

/// Other settings are a wish to read whatever is there.
Offer ListRun::judge(const ListFiles& list) const {
    if (state_.head == 0 || context_.options.offline || source_.mapping != state_.mapping) {
        return Offer::news;
    }
    const FileRecord& file = list.files.front();
    const auto patience = source_.discovery->goes_forward ? std::nullopt : source_.accept_older;
    return judge_offer(offered_time(file.published, file.last_modified, now()),
                       state_.newest_publication,
                       {state_.older_since, state_.older_runs},
                       patience,
                       now());
}

/// The newer list stays, and the next request is for another one than it.
void ListRun::settle_older(const ListFiles& list) {
    const FileRecord& file = list.files.front();
    const auto patience = source_.discovery->goes_forward ? std::nullopt : source_.accept_older;
    ++report_.remarks.warnings["older than the list that is there, which was kept"];
    report_.notices.push_back(fmt::format(
        "{}: of {}, older than the list that is there ({}), which was kept: {}",
        redacted(file.url),
        format_time(offered_time(file.published, file.last_modified, now()).value()),
        format_time(state_.newest_publication.value()),
        patience ? fmt::format("believed when two runs have seen it, {} apart (accept_older)",
                               format_duration(*patience))
                 : "a cache or mirror of the publisher's is behind"));
    state_.older_since = state_.older_since ? state_.older_since : now();
    ++state_.older_runs;
    report_.published = state_.published;
    report_.sha256 = state_.sha256;
    settle(SourceStatus::unchanged);
}

std::string ListRun::time_of(const FileRecord& file) {
    const auto previous = parse_time(state_.published);
    // Lists of one second follow each other by one.
    if (previous && *previous > now() + std::chrono::minutes{1}) {
        report_.notices.push_back(
            fmt::format("the list before was published at {}, which is still to come: the clock was"
                        " wrong then, or is now; this one follows it by a second",
                        state_.published));
    }
    return format_time(
        publication_time(offered_time(file.published, file.last_modified, now()), previous, now()));
}

void ListRun::publish(ListFiles list) {
    LoadedFile loaded(context_.environment.state_dir, context_.config.sort_memory);
    load(list, loaded);
    const FileRecord& first = list.files.front();
    offered_ = offered_time(first.published, first.last_modified, now());
    const std::string published = time_of(first);
    for (FileRecord& file : list.files) {
        file.published = published;
    }
    auto refusal = judge_file(source_.guards, report_.counts, loaded.summary, state_);
    if (refusal && is_waived() && can_be_waived(report_.counts)) {
        refusal.reset();
    }
    if (!refusal) {
        refusal = merge(list, loaded);
    }
    if (refusal) {
        settle_refused(list, *refusal);
    }
}

/// All pages into one list; what looks cut in one of them counts for all.
void ListRun::load(const ListFiles& list, LoadedFile& loaded) {
    const StageTimer timer(report_, context_, "parse");
    std::string incomplete;
    bool has_end = true;
    for (const FileRecord& file : list.files) {
        const auto path = context_.archive.find(file.sha256);
        if (!path) {
            fail(ErrorKind::gone, "{}: file {} left the archive", source_.name, file.sha256);
        }
        const std::string name = list.files.size() > 1 ? file.name : "";
        load_file(
            {.path = *path, .name = name, .url = redacted(file.url)},
            source_,
            [this] { check(); },
            loaded,
            report_);
        incomplete = incomplete.empty() ? loaded.summary.incomplete : incomplete;
        has_end = has_end && loaded.summary.has_end;
    }
    loaded.summary.has_end = has_end;
    loaded.summary.incomplete = incomplete;
    loaded.staging.sort();
}

/// Everything of the new list in one transaction, or nothing. Gives the reason for a refusal.
std::optional<std::string> ListRun::merge(const ListFiles& list, LoadedFile& loaded) {
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
    report_.published = list.files.front().published;
    const std::int64_t run = run_key();
    state_.id = ensure_source(store, source_.name);
    announce_writer(store, source_.name);
    const std::int64_t version = record_source(store, run, state_.id, report_);
    const MergeCounts counts = merge_snapshot(store,
                                              {.source = state_.id,
                                               .run_source = version,
                                               .published = report_.published,
                                               .venue_is_mic = source_.venue_is_mic,
                                               .tail = previous.tail},
                                              loaded.staging);
    take_counts(counts, report_);
    const bool waived = is_waived() && can_be_waived(counts);
    if (auto refusal = judge_merge(source_.guards, counts, loaded.summary, previous);
        refusal && !waived) {
        return refusal;
    }
    if (context_.run == 0) {
        return std::nullopt;
    }
    hold();
    adopt(list, loaded, version);
    apply_outcome(state_, report_, now());
    save_state(store, state_);
    update_counts(store, version, report_);
    keep_previous(store, version, previous, MergeKind::list);
    for (const FileRecord& file : list.files) {
        context_.archive.release(source_.name, file.sha256);
        record_file(store, state_.id, version, file);
    }
    commit(transaction, version);
    return std::nullopt;
}

void ListRun::adopt(const ListFiles& list, const LoadedFile& loaded, std::int64_t version) {
    const FileRecord& file = list.files.front();
    state_.records = static_cast<std::int64_t>(report_.counts.listings);
    state_.head = version;
    state_.url = file.url;
    state_.sha256 = list.sha256;
    state_.etag = file.etag;
    state_.last_modified = file.last_modified;
    state_.published = file.published;
    state_.newest_publication = offered_;
    state_.older_since.reset();
    state_.older_runs = 0;
    state_.encoding = report_.encoding;
    state_.mapping = source_.mapping;
    state_.line_end = loaded.summary.line_end;
    state_.tail = loaded.tail;
}

void ListRun::settle_refused(const ListFiles& list, const std::string& why) {
    report_.error = Error(ErrorKind::data,
                          fmt::format("{}: {}: refused: {}{}{}",
                                      source_.name,
                                      report_.url,
                                      why,
                                      first_rejection(report_),
                                      waiver_hint(report_.counts)));
    report_.status = SourceStatus::refused;
    if (context_.run == 0) {
        return;
    }
    for (const FileRecord& file : list.files) {
        context_.archive.quarantine(source_.name, file.sha256);
    }
    Connection& store = context_.environment.store;
    const std::lock_guard lock(context_.store_mutex);
    Transaction transaction(store);
    state_.id = ensure_source(store, source_.name);
    hold();
    apply_outcome(state_, report_, now());
    save_state(store, state_);
    const std::int64_t entry = record_source(store, context_.run, state_.id, report_);
    for (FileRecord refused : list.files) {
        refused.applied = false;
        record_file(store, state_.id, entry, refused);
    }
    transaction.commit();
}

}  // namespace isinfetch
