#include "job/event_run.hpp"

#include "core/date.hpp"
#include "fetch/partial_file.hpp"
#include "fetch/redirect.hpp"
#include "job/guard.hpp"
#include "job/outcome.hpp"
#include "job/publication.hpp"
#include "store/gap.hpp"
#include "store/merge.hpp"
#include "store/query.hpp"
#include "store/rollback.hpp"
#include "store/state.hpp"
#include "util/digest.hpp"
#include "util/text.hpp"
#include "util/time.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <mutex>
#include <utility>

namespace isinfetch {

namespace {

constexpr std::size_t kDate = 10;  // YYYY-MM-DD

/// How far back a first run looks for a full list, and how far gaps are looked after, in days.
constexpr std::array kWindows{28, 400, 5000};

std::string time_of(const std::string& date) {
    return date + "T00:00:00Z";
}

void add_tally(const Tally& from, Tally& to) {
    for (const auto& [remark, count] : from) {
        to[remark] += count;
    }
}

}  // namespace

EventRun::EventRun(const SourceConfig& source, RunContext& context, SourceReport& report)
    : SourceJob(source, context, report),
      received_(context.environment.state_dir, source.name, context.archive) {}

void EventRun::work() {
    if (context_.options.offline) {
        fail(ErrorKind::usage, "{}: --offline is for lists, not for events", source_.name);
    }
    const auto cursor = parse_cursor(state_.cursor);
    if (!cursor) {
        fail(ErrorKind::io, "{}: cursor '{}' in the store is none", source_.name, state_.cursor);
    }
    cursor_ = *cursor;
    forget_applied();
    const Plan plan = make_plan();
    report_.gaps = plan.gaps;
    gaps_ = plan.gaps;
    report_.waiting.insert(report_.waiting.end(), plan.waiting.begin(), plan.waiting.end());
    if (!context_.options.backfill) {
        note_waiting(plan.hold);
    }
    if (plan.publications.empty() && cursor_.empty()) {
        fail(
            ErrorKind::temporary,
            "{}: {}: the index has no complete full list to begin with{}{}: tried again at the next"
            " run; 'isinfetch backfill' applies single days without one",
            source_.name,
            redacted(source_.url),
            report_.waiting.empty() ? "" : ": ",
            join(report_.waiting, "; "));
    }
    for (const Publication& publication : plan.publications) {
        is_last_ = &publication == &plan.publications.back();
        apply(publication);
        if (report_.status == SourceStatus::refused) {
            return;
        }
    }
    if (plan.publications.empty()) {
        settle(SourceStatus::unchanged);
    }
}

void EventRun::forget_applied() {
    if (context_.run == 0) {
        return;
    }
    received_.forget_if([&](const std::string& sha256) {
        bool applied = false;
        with_store([&] { applied = is_applied(context_.environment.store, state_.id, sha256); });
        return applied;
    });
}

Plan EventRun::make_plan() {
    const StageTimer timer(report_, context_, "discover");
    if (const auto& backfill = context_.options.backfill) {
        refuse_pruned(backfill->from);
        return plan_backfill(ask_index(backfill->from), backfill->from, backfill->to);
    }
    std::vector<std::string> gaps;
    with_store([&] { gaps = open_gaps(context_.environment.store, state_.id); });
    if (!cursor_.empty()) {
        return plan_run(ask_index(first_day(gaps)), cursor_, gaps);
    }
    Plan plan;
    for (const int days : kWindows) {
        const Timestamp first = now() - std::chrono::days(days);
        plan = plan_run(ask_index(format_time(first).substr(0, kDate)), cursor_);
        if (!plan.publications.empty()) {
            break;
        }
    }
    return plan;
}

/// A past that has holes cannot be mended: what comes into it would look new.
void EventRun::refuse_pruned(const std::string& first_day) {
    std::vector<PrunedSource> all;
    with_store([&] { all = pruned_sources(context_.environment.store); });
    for (const PrunedSource& pruned : all) {
        if (pruned.source == source_.name && time_of(first_day) < pruned.kept_since) {
            fail(ErrorKind::gone,
                 "{}: no backfill from {} on: versions that ended before {} were pruned",
                 source_.name,
                 first_day,
                 pruned.kept_since);
        }
    }
}

std::string EventRun::today() const {
    return format_time(now()).substr(0, kDate);
}

/// Everything after the cursor, and the days before that something may still come for.
std::string EventRun::first_day(const std::vector<std::string>& gaps) const {
    std::string first = today();
    for (const std::string& day : {cursor_.snapshot, cursor_.delta, cursor_.cancellations}) {
        first = day.empty() ? first : std::min(first, day);
    }
    const Timestamp oldest = now() - std::chrono::days(kWindows.front());
    const std::string oldest_day = format_time(oldest).substr(0, kDate);
    for (const std::string& gap : gaps) {
        first = gap >= oldest_day ? std::min(first, gap) : first;
    }
    return first;
}

Sets EventRun::ask_index(const std::string& first_day) {
    std::vector<RemoteFile> files;
    const auto& backfill = context_.options.backfill;
    ask_publisher([&](const FetchEnvironment& environment, FetchTrace& trace) {
        DiscoverRequest request = discover_request(source_);
        request.first_day = first_day;
        request.last_day = backfill ? backfill->to : today();
        files = source_.discovery->discover(request, environment, trace);
    });
    std::erase_if(files,
                  [&](const RemoteFile& file) { return !may_hold(source_.select, file.group); });
    Sets sets = sort_into_sets(files);
    report_.waiting = sets.conflicts;
    return sets;
}

/// One publication, all of it or nothing.
void EventRun::apply(const Publication& publication) {
    check();
    SourceReport step{.source = report_.source};
    const std::vector<FileRecord> files = fetch(publication, step);
    LoadedFile loaded(context_.environment.state_dir, context_.config.sort_memory);
    load(publication, files, loaded, step);
    auto refusal =
        judge_file(guards_for(publication, source_.guards), step.counts, loaded.summary, state_);
    if (refusal && is_waived() && can_be_waived(step.counts)) {
        refusal.reset();
    }
    if (!refusal) {
        refusal = merge(publication, files, loaded, step);
    }
    account(publication, step);
    if (refusal) {
        refuse(publication, files, *refusal + waiver_hint(step.counts));
        return;
    }
    for (const RemoteFile& file : publication.files) {
        received_.forget(file);
    }
}

std::vector<FileRecord> EventRun::fetch(const Publication& publication, SourceReport& step) {
    const StageTimer timer(report_, context_, "download");
    std::vector<FileRecord> files;
    for (const RemoteFile& file : publication.files) {
        files.push_back(fetch(file, publication));
        step.bytes += files.back().bytes;
    }
    return files;
}

FileRecord EventRun::fetch(const RemoteFile& file, const Publication& publication) {
    FileRecord record{.name = file.name,
                      .url = without_credentials(file.url),
                      .checksum = file.checksum,
                      .published = time_of(publication.date),
                      .role = std::string(name(publication.role))};
    report_.url = redacted(file.url);
    if (const auto received = find_held(file)) {
        record.sha256 = received->sha256;
        record.bytes = received->bytes;
        return record;
    }
    ask_publisher([&](const FetchEnvironment& environment, FetchTrace& trace) {
        const FetchOptions options = options_for(source_.url, file.url, source_.fetch);
        FetchEnvironment noting = environment;
        noting.on_verified = [&](const Download& got) {
            received_.add(file, {got.sha256, got.bytes});
        };
        const Download got = download(file, source_.name, options, {}, noting, trace);
        record.sha256 = got.sha256;
        record.bytes = got.bytes;
        record.etag = got.etag;
        record.last_modified = got.last_modified;
    });
    return record;
}

/// What a run that was ended has received, and what was applied before and is to be so again: after
/// a rollback, or by a backfill that begins once more. A name alone may come with other bytes, and
/// what has lain there for years may have been damaged: then it is received again.
std::optional<ReceivedFile> EventRun::find_held(const RemoteFile& file) {
    if (auto received = received_.find(file)) {
        remove_partial(context_.archive.partial(source_.name, file.url));
        return received;
    }
    std::optional<FileRecord> known;
    if (!file.checksum.empty()) {
        with_store([&] {
            known = find_file(context_.environment.store, state_.id, file.name, file.checksum);
        });
    }
    const auto path = known ? context_.archive.find(known->sha256) : std::nullopt;
    if (!path || file_digest(*path, [this] { check(); }) != known->sha256) {
        return std::nullopt;
    }
    return ReceivedFile{.sha256 = known->sha256, .bytes = known->bytes};
}

void EventRun::load(const Publication& publication,
                    const std::vector<FileRecord>& files,
                    LoadedFile& loaded,
                    SourceReport& step) {
    const StageTimer timer(report_, context_, "parse");
    for (std::size_t i = 0; i < files.size(); ++i) {
        try {
            load(publication, files[i], loaded, step);
        } catch (const Error& error) {
            throw blame(error, files[i], publication.files[i]);
        }
    }
    loaded.staging.sort();
}

/// A file that cannot be read is named, and not taken for received any longer.
Error EventRun::blame(const Error& error, const FileRecord& file, const RemoteFile& remote) const {
    if (error.kind() != ErrorKind::data && error.kind() != ErrorKind::protocol) {
        return error;
    }
    received_.forget(remote);
    // Whoever read the file has named it already.
    const std::string url = redacted(file.url);
    const bool is_named = std::string_view(error.what()).find(url) != std::string_view::npos;
    return is_named ? error : Error(error.kind(), fmt::format("{}: {}", url, error.what()));
}

void EventRun::load(const Publication& publication,
                    const FileRecord& file,
                    LoadedFile& loaded,
                    SourceReport& step) {
    const auto path = context_.archive.find(file.sha256);
    if (!path) {
        fail(ErrorKind::gone, "{}: file {} left the archive", source_.name, file.sha256);
    }
    load_file(
        {.path = *path, .name = file.name, .url = redacted(file.url)},
        source_,
        [this] { check(); },
        loaded,
        step);
    check_header(loaded.summary.header, publication, file);
}

MergeCounts EventRun::merge_publication(const Publication& publication,
                                        std::int64_t version,
                                        LoadedFile& loaded) {
    Connection& store = context_.environment.store;
    const std::string published = time_of(publication.date);
    const MergePlan plan{.source = state_.id,
                         .run_source = version,
                         .published = published,
                         .venue_is_mic = true,
                         .records = state_.records,
                         .lists = full_lists_around(store, state_.id, published),
                         .is_late = state_.published > published};
    return publication.role == Role::snapshot ? merge_full(store, plan, loaded.staging)
                                              : merge_events(store, plan, loaded.staging);
}

/// Gives the reason for a refusal.
std::optional<std::string> EventRun::merge(const Publication& publication,
                                           const std::vector<FileRecord>& files,
                                           LoadedFile& loaded,
                                           SourceReport& step) {
    const StageTimer timer(report_, context_, "merge");
    Connection& store = context_.environment.store;
    const std::lock_guard lock(context_.store_mutex);
    const FirstLoad first(store, step.counts.accepted);
    Transaction transaction(store);
    const SourceState previous = load_state(store, source_.name);
    if (previous.head != state_.head) {
        fail_outrun();
    }
    step.status = SourceStatus::updated;
    step.published = time_of(publication.date);
    step.durations = report_.durations;
    state_.id = ensure_source(store, source_.name);
    announce_writer(store, source_.name);
    const std::int64_t version = record_source(store, run_key(), state_.id, step, step_);
    const MergeCounts counts =
        merge_records([&] { return merge_publication(publication, version, loaded); });
    take_counts(counts, step);
    const bool waived = is_waived() && can_be_waived(counts);
    const bool measured = publication.role == Role::snapshot && !waived;
    if (auto refusal = judge_merge(source_.guards, counts, loaded.summary, previous);
        refusal && measured) {
        return refusal;
    }
    report_.status = SourceStatus::updated;
    if (context_.run == 0) {
        return std::nullopt;
    }
    hold();
    adopt(publication, version, step);
    update_counts(store, version, step);
    keep_previous(store, version, previous, MergeKind::events);
    record(publication, version, files);
    commit(transaction, version);
    ++step_;
    return std::nullopt;
}

/// A backfill does not move the cursor: what comes after it may still be missing.
void EventRun::adopt(const Publication& publication,
                     std::int64_t version,
                     const SourceReport& step) {
    if (!context_.options.backfill) {
        std::string& day = cursor_.of(publication.role);
        day = std::max(day, publication.date);
    }
    state_.cursor = text_of(cursor_);
    state_.records = static_cast<std::int64_t>(step.counts.listings);
    state_.head = version;
    state_.published = std::max(state_.published, step.published);
    state_.mapping = source_.mapping;
    take_outcome(is_last_);
    save_state(context_.environment.store, state_);
}

void EventRun::record(const Publication& publication,
                      std::int64_t version,
                      const std::vector<FileRecord>& files) {
    Connection& store = context_.environment.store;
    for (const FileRecord& file : files) {
        context_.archive.release(source_.name, file.sha256);
        record_file(store, state_.id, version, file);
    }
    for (const std::string& gap : std::exchange(gaps_, {})) {
        record_gap(store, state_.id, version, gap);
    }
    if (publication.role == Role::delta) {
        fill_gap(store, state_.id, version, publication.date);
    }
}

void EventRun::refuse(const Publication& publication,
                      const std::vector<FileRecord>& files,
                      const std::string& why) {
    report_.error = Error(ErrorKind::data,
                          fmt::format("{}: {} of {}: refused: {}",
                                      source_.name,
                                      name(publication.role),
                                      publication.date,
                                      why));
    if (context_.run != 0) {
        for (const FileRecord& file : files) {
            context_.archive.quarantine(source_.name, file.sha256);
        }
    }
    settle(SourceStatus::refused);
}

/// Adds what one publication brought to the report of the run.
void EventRun::account(const Publication& publication, const SourceReport& step) {
    for (const CountInfo& count : count_table()) {
        report_.counts.*count.member += step.counts.*count.member;
    }
    report_.counts.isins = step.counts.isins;
    report_.counts.listings = static_cast<std::uint64_t>(state_.records);
    report_.bytes += step.bytes;
    report_.published = std::max(report_.published, step.published);
    report_.encoding = step.encoding;
    add_tally(step.remarks.warnings, report_.remarks.warnings);
    add_tally(step.remarks.notes, report_.remarks.notes);
    constexpr std::size_t kSamples = 40;
    const std::size_t room = kSamples - std::min(kSamples, report_.rejections.size());
    const auto last = step.rejections.begin() +
                      static_cast<std::ptrdiff_t>(std::min(room, step.rejections.size()));
    report_.rejections.insert(report_.rejections.end(), step.rejections.begin(), last);
    report_.publications.push_back({.date = publication.date,
                                    .role = std::string(name(publication.role)),
                                    .files = publication.files.size(),
                                    .bytes = step.bytes,
                                    .counts = step.counts});
}

}  // namespace isinfetch
