#include "cli/doctor_checks.hpp"

#include "cli/doctor_facts.hpp"
#include "config/redact.hpp"
#include "fetch/download.hpp"
#include "fetch/route.hpp"
#include "fetch/url.hpp"
#include "job/doctor_lists.hpp"
#include "job/freshness.hpp"
#include "store/query.hpp"
#include "store/state.hpp"
#include "util/file.hpp"
#include "util/file_lock.hpp"
#include "util/text.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <set>

namespace isinfetch::cli {

namespace {

// A store of this size is read through in a few seconds; of larger ones only the beginning is
// looked at.
constexpr std::uint64_t kReadThrough = std::uint64_t{512} << 20U;
constexpr std::chrono::seconds kNameService{10};

/// Reads all of a store of `bytes`, unless it is large, or looked after by a server.
void read_through(Connection& store, const std::string& location, std::uint64_t bytes) {
    const Backend& backend = *find_backend(location);
    if (bytes >= kReadThrough || backend.health.empty()) {
        return;
    }
    const std::string said = query_text(store, backend.health).value_or("");
    if (said != "ok") {
        fail(ErrorKind::io, "{}: damaged: {}", location, said);
    }
}

std::optional<ErrorKind> kind_of(const std::string& word) {
    for (auto kind = ErrorKind::usage; kind <= ErrorKind::interrupted;
         kind = static_cast<ErrorKind>(static_cast<int>(kind) + 1)) {
        if (name(kind) == word) {
            return kind;
        }
    }
    return std::nullopt;
}

/// How the newest run of a source that fails did so, and what it put aside.
ListFailure newest_failure(Connection& store,
                           const SourceState& state,
                           const std::filesystem::path& state_dir) {
    constexpr std::int64_t kRuns = 10;
    ListFailure failure;
    bool is_found = false;
    for_each_run(store, state.source, kRuns, [&](const RunEntry& run) {
        if (!is_found && !run.error_kind.empty()) {
            failure = {.kind = kind_of(run.error_kind),
                       .http_status = run.http_status,
                       .url = redacted(run.url)};
            is_found = true;
        }
    });
    for (const FileRecord& file : newest_files(store, state.id)) {
        const auto aside = state_dir / "quarantine" / state.source / file.sha256;
        std::error_code none;
        if (!file.applied && std::filesystem::is_regular_file(aside, none)) {
            failure.quarantined.push_back(aside.native());
        }
    }
    return failure;
}

class Examination {
public:
    Examination(Session& session, Extent extent) : session_(session), extent_(extent) {}

    std::vector<Finding> run();

private:
    using Check = void (Examination::*)();

    void attempt(const std::string& subject, Check check);
    void add(Finding finding) { findings_.push_back(std::move(finding)); }

    void check_configuration();
    void check_directory();
    void check_disk();
    void check_locks();
    void check_store();
    void read_states(Connection& store);
    void check_secrets();
    void check_trust();
    void check_routes();
    void check_clock();
    void check_firing();
    void check_freshness();

    std::vector<const SourceConfig*> enabled();
    const Config& config() { return session_.config(); }

    Session& session_;
    Extent extent_;
    std::vector<Finding> findings_{};
    std::map<std::string, SourceState> states_{};
    std::map<std::string, ListFailure> failures_{};  ///< of sources that fail
    std::optional<Timestamp> newest_{};
    bool is_unread_ = false;  ///< is there a store that says nothing?
};

std::vector<Finding> Examination::run() {
    attempt("configuration", &Examination::check_configuration);
    // Without a configuration nobody knows which directory, store and publishers are meant.
    if (findings_.back().health != Health::failed) {
        attempt("state directory", &Examination::check_directory);
        attempt("disk space", &Examination::check_disk);
        attempt("locks", &Examination::check_locks);
        attempt("store", &Examination::check_store);
        attempt("secrets", &Examination::check_secrets);
        attempt("certificates", &Examination::check_trust);
        attempt("way to the publishers", &Examination::check_routes);
        attempt("freshness", &Examination::check_freshness);
    }
    attempt("clock", &Examination::check_clock);
    attempt("next run", &Examination::check_firing);
    return std::move(findings_);
}

void Examination::attempt(const std::string& subject, Check check) {
    try {
        (this->*check)();
    } catch (const Error& error) {
        for (Finding& finding : judge_failure(subject, error)) {
            add(std::move(finding));
        }
    } catch (const std::exception& error) {
        // One broken check must not take the others along.
        add(judge_failure(subject, Error(ErrorKind::internal, error.what())).front());
    }
}

std::vector<const SourceConfig*> Examination::enabled() {
    std::vector<const SourceConfig*> sources;
    for (const SourceConfig& source : config().sources) {
        if (source.enabled) {
            sources.push_back(&source);
        }
    }
    return sources;
}

void Examination::check_configuration() {
    const std::size_t count = enabled().size();
    const auto files = find_config_files(session_.inputs()).files;
    const std::string where =
        files.empty()
            ? "no file"
            : files.front().native() +
                  (files.size() == 1 ? "" : fmt::format(" and {} more", files.size() - 1));
    Finding finding{.subject = "configuration",
                    .text = fmt::format("{}: {} enabled", where, counted(count, "source"))};
    if (count == 0) {
        finding.health = Health::warning;
        finding.fix = "isinfetch sources --enable NAME; 'isinfetch sources' lists them";
    }
    add(finding);
}

void Examination::check_directory() {
    add(judge_directory(look_at_directory(config().state_dir)));
}

void Examination::check_disk() {
    const std::filesystem::path& state = config().state_dir;
    std::vector<NamedFolder> folders{{"state", state}};
    for (const char* name : {"archive", "partial", "quarantine"}) {
        folders.push_back({name, state / name});
    }
    const std::string location = session_.store_options(StoreMode::read_only).location;
    constexpr std::string_view kSqlite = "sqlite:";
    if (location.starts_with(kSqlite)) {
        const std::filesystem::path file = location.substr(kSqlite.size());
        folders.push_back({"store", file.has_parent_path() ? file.parent_path() : "."});
    }
    for (const DiskFacts& disk : look_at_disks(folders)) {
        add(judge_disk(disk));
    }
}

void Examination::check_locks() {
    std::vector<std::string> held;
    for (const SourceConfig& source : config().sources) {
        const auto lock = config().state_dir / "locks" / (source.name + ".lock");
        if (const auto holder = lock_holder(lock)) {
            held.push_back(fmt::format("{} by {}", source.name, *holder));
        }
    }
    const std::filesystem::path& state = config().state_dir;
    add(judge_locks(state.native(), try_lock(state), held));
}

void Examination::read_states(Connection& store) {
    for (SourceState& state : load_states(store)) {
        if (state.failures > 0) {
            failures_.emplace(state.source, newest_failure(store, state, config().state_dir));
        }
        states_.emplace(state.source, std::move(state));
    }
    for_each_run(store, "", 1, [&](const RunEntry& run) { newest_ = parse_time(run.started); });
}

void Examination::check_store() {
    const StoreOptions options = session_.store_options(StoreMode::read_only);
    try {
        const auto store = session_.open_to_read();
        read_states(*store);
        const auto bytes = static_cast<std::uint64_t>(
            query_integer(*store, find_backend(options.location)->size).value_or(0));
        if (extent_.whole_store) {
            read_through(*store, options.location, bytes);
        }
        add({.subject = "store",
             .text = fmt::format("{}: {} in {}",
                                 shown_store(options.location),
                                 format_size(bytes),
                                 counted(states_.size(), "list"))});
        if (backend_of(options.location).is_shared) {
            add(judge_leases(held_leases(*store)));
        }
    } catch (const Error& error) {
        is_unread_ = error.kind() != ErrorKind::gone;
        const bool is_location = find_backend(options.location) != nullptr;
        add(judge_unread_store(is_location ? shown_store(options.location) : "store", error));
    }
}

void Examination::check_secrets() {
    for (const std::filesystem::path& file : find_config_files(session_.inputs()).files) {
        struct stat status {};
        const bool is_credential = file.filename() == "isinfetch.credentials";  // systemd's
        // Not of a pipe, which was read once.
        if (!is_credential && ::stat(file.c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
            holds_secrets(read_file(file), file.native())) {
            add(judge_secrets(file.native(), status.st_mode));
        }
    }
}

void Examination::check_trust() {
    const Variables environment = session_.inputs().environment;
    std::set<std::string> files;
    for (const SourceConfig* source : enabled()) {
        if (source->url.starts_with("https:")) {
            files.insert(trust_file(source->fetch.ca_file, environment));
        }
    }
    for (const std::string& file : files) {
        add(judge_trust(file, count_certificates(file)));
    }
}

void Examination::check_routes() {
    const Variables environment = session_.inputs().environment;
    std::vector<Way> ways;
    std::set<std::string> hosts;
    for (const SourceConfig* source : enabled()) {
        const std::string host = source->url.empty() ? "" : parse_url(source->url).host;
        if (host.empty()) {
            continue;
        }
        const std::string proxy = proxy_for(source->url, source->fetch.proxy, environment);
        const bool has_scheme = proxy.find("://") != std::string::npos;
        ways.push_back({.publisher = host,
                        .proxy = redacted(proxy),
                        .looked_up = proxy.empty()
                                         ? host
                                         : parse_url(has_scheme ? proxy : "http://" + proxy).host});
        hosts.insert(ways.back().looked_up);
    }
    if (extent_.network) {
        const auto troubles = resolve({hosts.begin(), hosts.end()}, kNameService);
        for (Way& way : ways) {
            way.trouble = troubles.at(way.looked_up);
        }
    }
    for (Finding& finding : judge_ways(ways)) {
        add(std::move(finding));
    }
}

void Examination::check_clock() {
    add(judge_clock(now(), newest_, is_clock_synchronised()));
}

void Examination::check_firing() {
    // The service's state may be looked at by a person, too.
    const ConfigInputs inputs = session_.inputs();
    const bool is_own =
        findings_.front().health == Health::failed || config().state_dir != kServiceStateDir;
    const Runner runner = !inputs.system_user && is_own ? Runner::person : Runner::service;
    add(judge_firing(look_at_timers(runner), look_at_crontabs(runner), runner));
}

void Examination::check_freshness() {
    if (is_unread_) {
        return;
    }
    std::vector<ListFacts> lists;
    for (const SourceConfig* source : enabled()) {
        const SourceState& state = states_[source->name];
        const auto failure = failures_.find(source->name);
        lists.push_back({.source = source->name,
                         .homepage = source->homepage,
                         .freshness = freshness_facts(state, source->cadence, true, now()),
                         .failure = failure == failures_.end() ? std::nullopt
                                                               : std::optional(failure->second)});
    }
    for (Finding& finding : judge_lists(lists, now())) {
        add(std::move(finding));
    }
}

}  // namespace

std::vector<Finding> examine(Session& session, Extent extent) {
    return Examination(session, extent).run();
}

}  // namespace isinfetch::cli
