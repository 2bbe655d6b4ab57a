#include "cli/commands.hpp"
#include "cli/run_command.hpp"

#include <memory>

namespace isinfetch::cli {

namespace {

constexpr int kLastFreeStatus = 125;  // shells use those above

void add_schedule_options(CLI::App& app, RunCommand& command) {
    app.add_flag("-f,--force", command.job.force, "Ask also the sources that are not due yet");
    app.add_flag("--ignore-cooldown",
                 command.job.ignore_cooldown,
                 "Ask also publishers who wanted to be left alone");
    app.add_flag("--offline", command.job.offline, "Use only files that are in the archive");
    app.add_option("--lock-wait", command.lock_wait, "Wait so long for another run of a source")
        ->type_name("DURATION");
    app.add_flag("--no-wait", command.no_wait, "Do not wait for another run of a source");
    app.add_option("--splay",
                   command.splay,
                   "Wait first for a part of this time that is the host's own; not on a terminal, "
                   "not under systemd")
        ->type_name("DURATION");
    app.add_option("--deadline", command.deadline, "End the run after this time")
        ->type_name("DURATION");
}

}  // namespace

void add_run(CLI::App& app, Action& action) {
    auto command = std::make_shared<RunCommand>();
    command->job.jobs = 0;
    CLI::App* run = app.add_subcommand("run", "Fetch, check and store what is new");
    run->add_option("SOURCE", command->sources, "Sources to run; without one, all enabled ones")
        ->type_name("");
    run->add_flag("-n,--dry-run", command->job.dry_run, "Do everything but the commit");
    add_schedule_options(*run, *command);
    run->add_option("-j,--jobs", command->job.jobs, "Work on so many sources at once")
        ->type_name("N")
        ->default_str("'jobs' of the configuration")
        ->check(whole_number(1, 64));
    run->add_option("--accept-shrink",
                    command->job.accept_shrink,
                    "Publish this source's list once although a guard refuses it; may be repeated")
        ->type_name("SOURCE")
        ->allow_extra_args(false);
    run->add_option("--exit-unchanged",
                    command->unchanged_status,
                    "When all is well and nothing is new, exit with N, not with 0")
        ->type_name("N")
        ->expected(0, 1)
        ->default_str("80")
        ->check(whole_number(1, kLastFreeStatus));
    add_output_format(*run, command->output, true);
    run->callback([command, &action] {
        action = [command](Session& session) { return run_command(*command, session); };
    });
}

}  // namespace isinfetch::cli
