#include "cli/commands.hpp"
#include "cli/known_sources.hpp"
#include "cli/run_command.hpp"
#include "job/insist.hpp"
#include "job/rollback.hpp"
#include "util/json.hpp"
#include "util/pulse.hpp"
#include "util/text.hpp"
#include "util/wait.hpp"

#include <ostream>

namespace isinfetch::cli {

namespace {

struct RollbackCommand {
    RollbackOptions job{};
    std::string lock_wait{};
    OutputFormat output = OutputFormat::automatic;
};

void write_text(std::ostream& out, const RollbackReport& report, const RollbackOptions& job) {
    const bool dry_run = job.dry_run;
    for (const UndoableMerge& merge : report.merges) {
        out << fmt::format("{} the list of {} (run {})\n",
                           dry_run ? "would undo" : "undid",
                           merge.published,
                           merge.run_id);
    }
    const SourceState& state = report.undone.state;
    const auto records = static_cast<std::uint64_t>(state.records);
    const std::string served = state.published.empty()
                                   ? fmt::format("nothing {} served", dry_run ? "would be" : "is")
                                   : fmt::format("{} of {} {} served",
                                                 counted(records, "listing"),
                                                 state.published,
                                                 dry_run        ? "would be"
                                                 : records == 1 ? "is"
                                                                : "are");
    out << fmt::format("{} {}, {} as they were before: {} now\n",
                       counted(report.undone.removed, "version"),
                       dry_run ? "to be removed" : "removed",
                       report.undone.reopened,
                       served);
    if (!dry_run) {
        out << fmt::format(
            "the next run that is due fetches the same file again: mend the source first, or set"
            " 'sources.{}.enabled: false'\n",
            job.source);
    }
}

void write_json(std::ostream& out, const RollbackReport& report, const RollbackCommand& command) {
    JsonWriter json(out);
    json.begin_object();
    json.field("source", command.job.source);
    json.flag("dry_run", command.job.dry_run);
    json.field("run_id", command.job.run_id);
    json.key("undone").begin_array();
    for (const UndoableMerge& merge : report.merges) {
        json.begin_object();
        json.field("run_id", merge.run_id);
        json.field("published", merge.published);
        json.end_object();
    }
    json.end_array();
    json.field("removed", static_cast<std::int64_t>(report.undone.removed));
    json.field("reopened", static_cast<std::int64_t>(report.undone.reopened));
    json.field("listings", report.undone.state.records);
    json.field("published", report.undone.state.published);
    json.end_object();
    out << '\n';
}

ExitCode rollback(const RollbackCommand& command, Session& session) {
    RollbackCommand prepared = command;
    const StoreOptions options = session.store_options(StoreMode::read_write);
    const bool is_shared = backend_of(options.location).is_shared;
    insist(is_shared, sleep_for, [&] { open_to_audit(session, {command.job.source}); });
    prepared.job.run_id = make_run_id();
    prepared.job.lock_wait = command.lock_wait.empty() ? session.config().lock_wait
                                                       : parse_duration(command.lock_wait).value();
    const auto answers = std::make_shared<Pulse>();
    const auto store = session.open_to_change([answers] { answers->beat(); });
    const auto patience = patience_of(session.config());
    RollbackEnvironment environment{
        .store = *store,
        .state_dir = session.config().state_dir,
        .host = session.config().host(),
        .now = patient_clock_of(*store, is_shared),
        .lease = {.duration = is_shared ? session.config().store_lease : std::chrono::seconds{0},
                  .connect = [&] { return open_for_lease(options); },
                  .sleep = sleep_for,
                  .goes_on = [=] { return answers->silence() < patience; }}};
    const RollbackReport report = roll_back(environment, prepared.job);
    if (command.output == OutputFormat::json) {
        write_json(session.streams().out, report, prepared);
    } else {
        write_text(session.streams().out, report, command.job);
    }
    return ExitCode::ok;
}

}  // namespace

void add_rollback(CLI::App& app, Action& action) {
    auto command = std::make_shared<RollbackCommand>();
    CLI::App* rollback_app =
        app.add_subcommand("rollback", "Undo what the newest run made of the list of a source");
    rollback_app->add_option("SOURCE", command->job.source, "The source")
        ->required()
        ->type_name("");
    rollback_app
        ->add_option("RUN",
                     command->job.back_to,
                     "Undo all runs back to and including this one; else the newest one")
        ->type_name("");
    rollback_app->add_flag("-n,--dry-run", command->job.dry_run, "Do everything but the commit");
    rollback_app
        ->add_option("--lock-wait", command->lock_wait, "How long to wait for a run of the source")
        ->type_name("DURATION");
    add_output_format(*rollback_app, command->output);
    rollback_app->callback([command, &action] {
        action = [command](Session& session) { return rollback(*command, session); };
    });
}

}  // namespace isinfetch::cli
