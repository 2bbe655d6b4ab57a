#include "cli/run_command.hpp"

#include "cli/progress.hpp"
#include "cli/remedy.hpp"
#include "cli/report_output.hpp"
#include "fetch/archive.hpp"
#include "fetch/archive_lock.hpp"
#include "fetch/curl_http.hpp"
#include "job/firing.hpp"
#include "job/insist.hpp"
#include "job/job.hpp"
#include "util/build_date.hpp"
#include "util/file.hpp"
#include "util/host.hpp"
#include "util/last_words.hpp"
#include "util/log.hpp"
#include "util/text.hpp"
#include "util/wait.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <ostream>
#include <random>
#include <set>
#include <sstream>

namespace isinfetch::cli {

namespace {

/// Removing files takes no longer.
constexpr std::chrono::seconds kPruneWait{60};

void write_report(std::ostream& out,
                  const RunCommand& command,
                  bool is_terminal,
                  const RunReport& report,
                  ExitCode status) {
    if (command.output == OutputFormat::json) {
        write_report_json(out, report, status);
    } else if (command.output == OutputFormat::text ||
               (command.output == OutputFormat::automatic && is_terminal)) {
        write_report_text(out, report);
    }
}

/// The report of the sources that have ended is not lost with the one that a fault ends the program
/// in.
void prepare_last_words(const RunCommand& command,
                        bool is_terminal,
                        const RunReport& so_far,
                        const std::set<std::string>& open) {
    std::ostringstream out;
    write_report(out, command, is_terminal, so_far, ExitCode::software);
    set_last_words(
        out.str(),
        log_text(LogLevel::error,
                 fmt::format("a fault of the program or of a library ended the run before these had"
                             " ended: {}\n"
                             "  what is published stays as it is; the next run goes on\n"
                             "  please report it: SECURITY.md says what helps",
                             fmt::join(open, ", "))));
}

RunReport run_sources(Session& session,
                      const RunCommand& command,
                      const std::vector<const SourceConfig*>& sources,
                      const RunOptions& options) {
    const Config& config = session.config();
    prepare_state_directory(config.state_dir, *config.store_mode);
    // First of all: to SQLite, a file system without locks looks like a store that is in use.
    const FileLock archive = count_on_archive(config.state_dir, kPruneWait);
    StoreOptions store_options = session.store_options(StoreMode::read_write);
    const bool is_shared = backend_of(store_options.location).is_shared;
    const auto answers = std::make_shared<Pulse>();
    store_options.answered = [answers] { answers->beat(); };
    const auto store = open_patiently(store_options);
    CurlHttp client;
    Progress progress(can_show_progress() && !session.options().quiet);
    WatchedHttp http(client, progress);
    Environment environment{
        .http = http,
        .store = *store,
        .state_dir = config.state_dir,
        .now = patient_clock_of(*store, is_shared),
        .sleep = sleep_for,
        .dice = throw_dice,
        .progress =
            [&](const std::string& source, const std::string& stage) {
                log(LogLevel::debug, "{}: {}", source, stage);
                progress.begin(source, stage);
            },
        .lease = is_shared ? config.store_lease : std::chrono::seconds{0},
        .connect = [&] { return open_for_lease(store_options); },
        .patience = patience_of(config),
        .answers = answers,
        .so_far =
            [&](const RunReport& report, const std::set<std::string>& open) {
                prepare_last_words(command, session.streams().terminal, report, open);
            },
    };
    refuse_impossible_clock(environment.now());
    RunReport report = run_job(config, sources, options, environment);
    forget_last_words();
    return report;
}

/// For schedulers without a random delay of their own. systemd has one, and people do not wait.
void wait_for_turn(const RunCommand& command, const std::vector<const SourceConfig*>& sources) {
    const auto splay = parse_duration(command.splay).value_or(std::chrono::seconds{0});
    const bool watched = ::isatty(STDOUT_FILENO) == 1 || ::isatty(STDERR_FILENO) == 1;
    if (splay.count() == 0 || watched || std::getenv("INVOCATION_ID") != nullptr) {
        return;
    }
    std::vector<std::string> names;
    names.reserve(sources.size());
    for (const SourceConfig* source : sources) {
        names.push_back(source->name);
    }
    const auto delay = splay_delay(splay, host_identity(), names);
    log(LogLevel::debug, "waiting {}ms of at most {}", delay.count(), format_duration(splay));
    sleep_for(delay);
}

/// A run that cannot even begin (no store, no directory) still ends in a complete report.
RunReport run_or_explain(Session& session,
                         const RunCommand& command,
                         const std::vector<const SourceConfig*>& sources,
                         const RunOptions& options) {
    try {
        wait_for_turn(command, sources);
        const RunDeadline deadline(options.deadline);
        return run_sources(session, command, sources, options);
    } catch (const Error& caught) {
        const Error error = with_owner(caught, session.config().state_dir);
        RunReport report{.run_id = options.run_id, .started = now(), .finished = now()};
        for (const SourceConfig* source : sources) {
            report.sources.push_back({.source = source->name, .error = error});
        }
        report.error = error;
        return report;
    }
}

/// What ends a run that found nothing new.
ExitCode unchanged_status(const RunCommand& command) {
    return command.unchanged_status.empty()
               ? ExitCode::ok
               : static_cast<ExitCode>(std::stoi(command.unchanged_status));
}

ExitCode exit_status(const RunCommand& command, const RunReport& report) {
    const bool anything_new =
        std::any_of(report.sources.begin(), report.sources.end(), [](const SourceReport& source) {
            return source.status == SourceStatus::updated;
        });
    const ExitCode code = exit_code(report);
    if (code == ExitCode::ok && !anything_new) {
        return unchanged_status(command);
    }
    return code;
}

void tell(const std::string& source, const Tally& tally) {
    for (const auto& [remark, count] : tally) {
        log(LogLevel::info,
            "{}: {} ({})",
            source,
            remark,
            counted(static_cast<std::uint64_t>(count), "time"));
    }
}

/// A run that asked, and went well, yet left a list that is not what it promises to be. Those that
/// were not asked are left alone: somebody would get the same mail at each slot of the timer. What
/// has just brought something new is not called stale before it brings nothing new.
bool is_worth_a_word(const SourceReport& source) {
    if (source.error || !source.freshness.is_broken) {
        return false;
    }
    const bool only_stale = source.freshness.troubles == std::vector{Freshness::stale};
    return source.status == SourceStatus::unchanged ||
           (source.status == SourceStatus::updated && !only_stale);
}

void tell_failure(const SourceReport& report, const Config& config) {
    const SourceConfig* const source = config.find(report.source);
    const Archive archive(config.state_dir);
    const auto aside = report.sha256.empty() ? std::nullopt : archive.find(report.sha256);
    log(LogLevel::error,
        "{}{}",
        failure_block(report),
        source == nullptr ? "" : remedy(report, *source, aside));
}

void tell(const RunReport& report, const Config& config) {
    for (const SourceReport& source : report.sources) {
        log(LogLevel::info, "{}", summary_line(source));
        tell(source.source, source.remarks.warnings);
        tell(source.source, source.remarks.notes);
        for (const std::string& notice : source.notices) {
            log(LogLevel::warning, "{}: {}", source.source, notice);
        }
        if (source.error && !report.error) {
            tell_failure(source, config);
        } else if (is_worth_a_word(source)) {
            log(LogLevel::warning,
                "{}: {}: {}",
                source.source,
                name(source.freshness.state),
                source.freshness_text);
        }
    }
    if (report.error) {
        log(LogLevel::error, "{}{}", report.error->what(), advice_on_75(*report.error));
    }
}

RunOptions job_options(const RunCommand& command, const Config& config) {
    RunOptions options = command.job;
    options.run_id = make_run_id();
    options.lock_wait =
        command.lock_wait.empty() ? config.lock_wait : parse_duration(command.lock_wait).value();
    if (command.no_wait) {
        options.lock_wait = std::chrono::seconds{0};
    }
    if (options.jobs == 0) {
        options.jobs = config.jobs;
    }
    if (!command.deadline.empty()) {
        options.deadline = parse_duration(command.deadline);
    }
    for (const std::string& name : options.accept_shrink) {
        find_source(config, name);
    }
    return options;
}

/// Only a source that publishes events has days to go back to.
std::vector<const SourceConfig*> selected(const RunCommand& command, const Config& config) {
    auto sources = select_sources(config, command.sources);
    if (!command.job.backfill) {
        return sources;
    }
    const auto lists = [](const SourceConfig* source) { return !source->discovery->events; };
    if (command.sources.empty()) {
        std::erase_if(sources, lists);
    }
    const auto list = std::ranges::find_if(sources, lists);
    if (list != sources.end() || sources.empty()) {
        fail(ErrorKind::usage,
             "backfill: {} not publish day by day",
             sources.empty() ? std::string("the enabled sources do") : (*list)->name + " does");
    }
    return sources;
}

/// Not from /proc, which some sandboxes do not have. Source: RFC 9562 §5.4.
std::string make_uuid() {
    std::random_device dice;
    std::array<std::uint32_t, 4> words{};
    std::generate(words.begin(), words.end(), [&] { return dice(); });
    return fmt::format("{:08x}-{:04x}-4{:03x}-{:04x}-{:04x}{:08x}",
                       words[0],
                       words[1] >> 16U,
                       words[1] & 0xFFFU,
                       0x8000U | (words[2] >> 16U & 0x3FFFU),
                       words[2] & 0xFFFFU,
                       words[3]);
}

}  // namespace

std::function<Timestamp()> clock_of(Connection& store, bool is_shared) {
    if (!is_shared) {
        return now;
    }
    const auto time = parse_time(query_text(store, "SELECT store_time(0)").value_or(""));
    const auto ahead = time ? *time - now() : std::chrono::seconds{0};
    return [ahead] { return now() + ahead; };
}

std::function<Timestamp()> patient_clock_of(Connection& store, bool is_shared) {
    std::function<Timestamp()> clock;
    insist(is_shared, sleep_for, [&] { clock = clock_of(store, is_shared); });
    return clock;
}

// An answer that comes after the end of the lease is of no use.
std::unique_ptr<Connection> open_for_lease(StoreOptions options) {
    options.answer_timeout = options.idle_timeout;
    options.answered = {};  // says nothing of the run
    return open_store(options);
}

std::string make_run_id() {
    if (const char* invocation = std::getenv("INVOCATION_ID");
        invocation != nullptr && *invocation != '\0') {
        return fmt::format("{}-{}", invocation, ::getpid());
    }
    return make_uuid();
}

double throw_dice() {
    thread_local std::mt19937_64 generator{std::random_device{}()};
    return std::uniform_real_distribution<double>()(generator);
}

ExitCode run_command(const RunCommand& command, Session& session) {
    auto named = command.sources;
    named.insert(named.end(), command.job.accept_shrink.begin(), command.job.accept_shrink.end());
    session.expect_only(named);
    const auto sources = selected(command, session.config());
    const RunOptions options = job_options(command, session.config());
    const RunReport report = run_or_explain(session, command, sources, options);
    const ExitCode status = exit_status(command, report);
    const Streams& streams = session.streams();
    write_report(streams.out, command, streams.terminal, report, status);
    streams.out.flush();
    tell(report, session.config());
    return status;
}

}  // namespace isinfetch::cli
