// How a list comes into the archive: the part of ListRun that asks the publisher.
#include "fetch/partial_file.hpp"
#include "fetch/redirect.hpp"
#include "fetch/url.hpp"
#include "job/list_run.hpp"
#include "store/state.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace isinfetch {

namespace {

constexpr std::chrono::hours kFresh{1};

/// Costs nobody anything, and whoever has just written it wants it read.
bool is_local(const RemoteFile& file) {
    return file.url.starts_with("file:");
}

}  // namespace

ListFiles ListRun::fetch_offline() {
    ListFiles list;
    with_store([&] { list.files = newest_files(context_.environment.store, state_.id); });
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

/// What an interrupted run has received need not be asked for again where it cannot have changed;
/// else within the hour, in which that run would not have asked again either, unless somebody has
/// published since, or wants to ask.
bool ListRun::may_go_on(const RemoteFile& file, const ReceivedFile& received) const {
    const bool is_told = file.checksum.starts_with("md5:") || file.checksum.starts_with("sha256:");
    if (file.is_fixed || is_told) {
        return true;
    }
    const bool is_fresh =
        received.when && *received.when <= now() && now() - *received.when < kFresh;
    // Clocks of hosts differ, and a second is long: that nobody published since is told by the
    // version.
    const bool is_newest = received.head == state_.head && received.when &&
                           state_.last_success.value_or(Timestamp{}) <= *received.when;
    return is_fresh && is_newest && !context_.options.force;
}

/// The file of a URL that is neither in the archive by name nor held.
void ListRun::receive(const RemoteFile& file,
                      const FetchEnvironment& environment,
                      FetchTrace& trace,
                      FileRecord& record) {
    const auto take = [&record](const auto& from) {
        record.sha256 = from.sha256;
        record.etag = from.etag;
        record.last_modified = from.last_modified;
        record.bytes = from.bytes;
    };
    const auto received = is_local(file) ? std::nullopt : received_.find(file);
    if (received && may_go_on(file, *received)) {
        remove_partial(context_.archive.partial(source_.name, file.url));
        take(*received);
        return;
    }
    const Validators known =
        received ? Validators{received->etag, received->last_modified} : known_validators(file.url);
    FetchEnvironment noting = environment;
    noting.on_verified = [&](const Download& got) { note_received(file, got); };
    const Download got = download_file(file, known, noting, trace);
    if (!got.unchanged) {
        take(got);
    } else if (received) {
        take(*received);
    } else {
        take(FileRecord{.sha256 = state_.sha256,
                        .etag = state_.etag,
                        .last_modified = state_.last_modified,
                        .bytes = got.bytes});
    }
}

void ListRun::note_received(const RemoteFile& file, const Download& got) const {
    if (context_.run != 0 && !is_local(file)) {
        received_.add(file,
                      {got.sha256, got.bytes, got.etag, got.last_modified, now(), state_.head});
    }
}

void ListRun::forget_received() const noexcept {
    if (context_.run != 0) {
        received_.forget_all();
    }
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
        receive(file, environment, trace, record);
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
                                const Validators& known,
                                const FetchEnvironment& environment,
                                FetchTrace& trace) {
    const FetchOptions options = options_for(source_.url, file.url, source_.fetch);
    try {
        return download(file, source_.name, options, known, environment, trace);
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

}  // namespace isinfetch
