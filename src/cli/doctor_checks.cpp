#include "cli/doctor_checks.hpp"

#include "cli/doctor_facts.hpp"
#include "config/redact.hpp"
#include "fetch/download.hpp"
#include "fetch/route.hpp"
#include "fetch/url.hpp"
#include "job/freshness.hpp"
#include "store/query.hpp"
#include "store/state.hpp"
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

/// Gives its size in bytes. Reads all of it unless it is large, or looked after by a server.
std::uint64_t read_through(Connection& store, const std::string& location) {
    const Backend& backend = *find_backend(location);
    const auto bytes = static_cast<std::uint64_t>(query_integer(store, backend.size).value_or(0));
    if (bytes >= kReadThrough || backend.health.empty()) {
        return bytes;
    }
    const std::string said = query_text(store, backend.health).value_or("");
    if (said != "ok") {
        fail(ErrorKind::io, "{}: damaged: {}", location, said);
    }
    return bytes;
}

class Examination {
public:
    Examination(Session& session, bool offline) : session_(session), offline_(offline) {}

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
    void check_secrets();
    void check_trust();
    void check_routes();
    void check_clock();
    void check_firing();
    void check_freshness();

    std::vector<const SourceConfig*> enabled();
    const Config& config() { return session_.config(); }

    Session& session_;
    bool offline_;
    std::vector<Finding> findings_{};
    std::map<std::string, SourceState> states_{};
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
                    .text = fmt::format("{}: {} sources enabled", where, count)};
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
    add(judge_disk(look_at_disk(config().state_dir)));
}

void Examination::check_locks() {
    std::vector<std::string> held;
    for (const SourceConfig& source : config().sources) {
        const auto lock = config().state_dir / "locks" / (source.name + ".lock");
        if (const auto holder = lock_holder(lock)) {
            held.push_back(fmt::format("{} by {}", source.name, *holder));
        }
    }
    add({.subject = "locks", .text = held.empty() ? "none is held" : "held: " + join(held, ", ")});
}

void Examination::check_store() {
    const StoreOptions options = session_.store_options(StoreMode::read_only);
    try {
        const auto store = session_.open_to_read();
        for (SourceState& state : load_states(*store)) {
            states_.emplace(state.source, std::move(state));
        }
        for_each_run(
            *store, "", 1, [&](const RunEntry& run) { newest_ = parse_time(run.started); });
        const std::uint64_t bytes = read_through(*store, options.location);
        add({.subject = "store",
             .text = fmt::format("{}: {} in {} lists",
                                 shown_store(options.location),
                                 format_size(bytes),
                                 states_.size())});
    } catch (const Error& error) {
        is_unread_ = error.kind() != ErrorKind::gone;
        const bool is_location = find_backend(options.location) != nullptr;
        add(judge_unread_store(is_location ? shown_store(options.location) : "store", error));
    }
}

void Examination::check_secrets() {
    for (const std::string& file : files_with_secrets(session_.loaded().tree)) {
        struct stat status {};
        if (::stat(file.c_str(), &status) == 0) {
            add(judge_secrets(file, status.st_mode));
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
    std::map<std::string, std::string> ways;  // publisher and how it is reached: what is looked up
    for (const SourceConfig* source : enabled()) {
        const std::string host = source->url.empty() ? "" : parse_url(source->url).host;
        if (host.empty()) {
            continue;
        }
        const std::string proxy = proxy_for(source->url, source->fetch.proxy, environment);
        if (proxy.empty()) {
            ways.emplace(fmt::format("{}: directly", host), host);
        } else {
            const bool has_scheme = proxy.find("://") != std::string::npos;
            ways.emplace(fmt::format("{}: through {}", host, redacted(proxy)),
                         parse_url(has_scheme ? proxy : "http://" + proxy).host);
        }
    }
    std::set<std::string> hosts;
    for (const auto& [way, host] : ways) {
        hosts.insert(host);
    }
    std::map<std::string, std::string> troubles;
    if (!offline_) {
        troubles = resolve({hosts.begin(), hosts.end()}, kNameService);
    }
    for (const auto& [way, host] : ways) {
        Finding finding{.subject = "way to the publisher", .text = way};
        if (const std::string& trouble = troubles[host]; !trouble.empty()) {
            finding.health = Health::failed;
            finding.kind = ErrorKind::temporary;
            finding.text += fmt::format(", but {} has no address: {}", host, trouble);
            finding.fix = fmt::format(
                "getent hosts {}  # look at the network and /etc/resolv.conf, or set network.proxy",
                host);
        }
        add(finding);
    }
}

void Examination::check_clock() {
    add(judge_clock(now(), newest_, is_clock_synchronised()));
}

void Examination::check_firing() {
    add(judge_firing(look_at_timers(), look_at_crontabs()));
}

void Examination::check_freshness() {
    if (is_unread_) {
        return;
    }
    for (const SourceConfig* source : enabled()) {
        const SourceState& state = states_[source->name];
        add(judge_freshness(
            source->name, freshness_facts(state, source->cadence, true, now()), now()));
    }
}

}  // namespace

std::vector<Finding> examine(Session& session, bool offline) {
    return Examination(session, offline).run();
}

}  // namespace isinfetch::cli
