#include "job/job.hpp"

#include "job/source_run.hpp"
#include "store/lost_runs.hpp"
#include "store/state.hpp"
#include "util/error.hpp"
#include "util/log.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <set>
#include <system_error>
#include <thread>
#include <utility>

namespace isinfetch {

namespace {

/// What is still there after a failure: from the store, because the report counts the new file.
std::string describe_served(const Environment& environment, const std::string& source) {
    try {
        SourceState state;
        insist(environment, [&] { state = load_state(environment.store, source); });
        return state.head == 0 ? "nothing: there is no list yet"
                               : fmt::format("{} listings of {}", state.records, state.published);
    } catch (const Error& error) {
        return error.what();
    }
}

/// The report must survive a store that cannot take its end.
void close_record(const Environment& environment, std::int64_t run, RunReport& report) {
    try {
        insist(environment, [&] { end_run(environment.store, run, report, exit_code(report)); });
    } catch (const Error& error) {
        report.error = error;
    }
}

/// Tells how the run would end here: with the sources that have ended, and without the others.
class Account {
public:
    Account(const Environment& environment,
            RunReport report,
            const std::vector<const SourceConfig*>& sources)
        : environment_(environment), report_(std::move(report)) {
        const Error error(
            ErrorKind::internal,
            "a fault of the program or of a library ended the run before this source had ended");
        for (std::size_t i = 0; i < sources.size(); ++i) {
            report_.sources[i].source = sources[i]->name;
            report_.sources[i].error = error;
            open_.insert(sources[i]->name);
        }
        tell();
    }

    void add(std::size_t place, const SourceReport& source) {
        const std::lock_guard lock(mutex_);
        report_.sources[place] = source;
        open_.erase(source.source);
        tell();
    }

private:
    void tell() {
        if (environment_.so_far) {
            report_.finished = environment_.now();
            environment_.so_far(report_, open_);
        }
    }

    const Environment& environment_;
    std::mutex mutex_{};
    RunReport report_;
    std::set<std::string> open_{};
};

void run_sources(const std::vector<const SourceConfig*>& sources,
                 RunContext& context,
                 RunReport& report) {
    std::vector<SourceReport>& reports = report.sources;
    Account account(context.environment, report, sources);
    std::atomic<std::size_t> next{0};
    const auto work = [&] {
        for (std::size_t i = next++; i < sources.size(); i = next++) {
            run_source(*sources[i], context, reports[i]);
            account.add(i, reports[i]);
        }
    };
    const auto wanted = static_cast<std::size_t>(std::max(1, context.options.jobs));
    std::vector<std::jthread> others;
    try {
        for (std::size_t i = 1; i < std::min(wanted, sources.size()); ++i) {
            others.emplace_back(work);
        }
    } catch (const std::system_error& error) {
        // As many as there are do the work of those that the system refused.
        log(LogLevel::info, "{} of {} threads: {}", others.size() + 1, wanted, error.what());
    }
    work();
}

}  // namespace

RunReport run_job(const Config& config,
                  const std::vector<const SourceConfig*>& sources,
                  const RunOptions& options,
                  Environment& environment) {
    RunReport report;
    report.run_id = options.run_id;
    report.host = config.host();
    report.started = environment.now();
    report.dry_run = options.dry_run;
    report.sources.resize(sources.size());
    RunContext context{config, options, environment, Archive(environment.state_dir)};
    if (options.deadline) {
        context.deadline = report.started + *options.deadline;
    }
    if (!options.dry_run) {
        insist(environment, [&] {
            close_lost_runs(environment.store, report.host, report.started);
            context.run = begin_run(environment.store, report);
        });
    }
    run_sources(sources, context, report);
    for (SourceReport& source : report.sources) {
        if (source.error) {
            source.served = describe_served(environment, source.source);
        }
    }
    report.finished = environment.now();
    if (!options.dry_run) {
        close_record(environment, context.run, report);
    }
    return report;
}

}  // namespace isinfetch
