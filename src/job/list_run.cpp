#include "job/list_run.hpp"

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

ListRun::ListRun(const SourceConfig& source, RunContext& context, SourceReport& report)
    : SourceJob(source, context, report),
      received_(context.environment.state_dir, source.name, context.archive, KnownBy::url) {}

// What was received stays noted as long as the next run may go on with it: not when it turned out
// to be of no use, nor when another host has gone on meanwhile.
void ListRun::work() {
    ListFiles list = context_.options.offline ? fetch_offline() : fetch_online();
    list.sha256 = digest_of(list.files);
    report_.url = redacted(list.files.front().url);
    report_.sha256 = list.sha256;
    report_.bytes = size_of(list.files);
    try {
        apply(std::move(list));
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::data || error.kind() == ErrorKind::protocol ||
            error.kind() == ErrorKind::busy) {
            forget_received();
        }
        throw;
    }
    forget_received();
}

void ListRun::apply(ListFiles list) {
    if (is_known(list)) {
        settle_unchanged(list);
    } else if (judge(list) == Offer::older) {
        settle_older(list);
    } else {
        publish(std::move(list));
    }
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
        fail_outrun();
    }
    report_.status = SourceStatus::updated;
    report_.published = list.files.front().published;
    const std::int64_t run = run_key();
    state_.id = ensure_source(store, source_.name);
    announce_writer(store, source_.name);
    const std::int64_t version = record_source(store, run, state_.id, report_);
    const MergePlan plan{.source = state_.id,
                         .run_source = version,
                         .published = report_.published,
                         .venue_is_mic = source_.venue_is_mic,
                         .tail = previous.tail};
    const MergeCounts counts =
        merge_records([&] { return merge_snapshot(store, plan, loaded.staging); });
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
    for (const FileRecord& file : list.files) {
        if (context_.run != 0) {
            context_.archive.quarantine(source_.name, file.sha256);
        }
    }
    settle(SourceStatus::refused, [&](std::int64_t entry) {
        for (FileRecord refused : list.files) {
            refused.applied = false;
            record_file(context_.environment.store, state_.id, entry, refused);
        }
    });
}

}  // namespace isinfetch
