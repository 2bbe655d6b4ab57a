#include "cli/commands.hpp"
#include "cli/run_command.hpp"

#include <memory>

namespace isinfetch::cli {

namespace {

struct BackfillCommand {
    RunCommand run{};
    std::string from{};
    std::string to{};
};

ExitCode backfill(const BackfillCommand& command, Session& session) {
    RunCommand run = command.run;
    const std::string today = format_time(now()).substr(0, 10);
    run.job.backfill = {.from = command.from, .to = command.to.empty() ? today : command.to};
    if (run.job.backfill->to < run.job.backfill->from) {
        fail(ErrorKind::usage, "--to {} is before --from {}", run.job.backfill->to, command.from);
    }
    return run_command(run, session);
}

}  // namespace

void add_backfill(CLI::App& app, Action& action) {
    auto command = std::make_shared<BackfillCommand>();
    CLI::App* backfill_app =
        app.add_subcommand("backfill", "Apply what was published on past days, in order");
    backfill_app
        ->add_option("SOURCE",
                     command->run.sources,
                     "Sources that publish day by day; without one, all enabled ones")
        ->type_name("");
    backfill_app->add_option("--from", command->from, "The first day")
        ->type_name("DAY")
        ->required();
    backfill_app->add_option("--to", command->to, "The last day; without it, today")
        ->type_name("DAY");
    backfill_app->add_flag(
        "-n,--dry-run", command->run.job.dry_run, "Do everything but the commit");
    backfill_app
        ->add_option("--accept-shrink",
                     command->run.job.accept_shrink,
                     "Publish this source's list once although a guard refuses it; may be repeated")
        ->type_name("SOURCE")
        ->allow_extra_args(false);
    add_output_format(*backfill_app, command->run.output, true);
    backfill_app->callback([command, &action] {
        action = [command](Session& session) { return backfill(*command, session); };
    });
}

}  // namespace isinfetch::cli
