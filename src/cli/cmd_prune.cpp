#include "cli/commands.hpp"
#include "cli/run_command.hpp"
#include "job/prune.hpp"
#include "util/interrupt.hpp"
#include "util/json.hpp"
#include "util/log.hpp"
#include "util/text.hpp"

#include <ostream>

namespace isinfetch::cli {

namespace {

struct PruneCommand {
    bool dry_run = false;
    OutputFormat output = OutputFormat::automatic;
};

void write_text(std::ostream& out, const PruneReport& report, const PruneCommand& command) {
    out << fmt::format("{}: {} ({}), {} ({}), {}, {} of runs\n",
                       command.dry_run ? "would remove" : "removed",
                       counted(report.archive.count, "archived file"),
                       format_size(report.archive.bytes),
                       counted(report.partial.count, "unfinished download"),
                       format_size(report.partial.bytes),
                       counted(report.versions, "version"),
                       report.runs == 1 ? "1 entry" : fmt::format("{} entries", report.runs));
}

void write_json(std::ostream& out, const PruneReport& report, const PruneCommand& command) {
    const auto number = [](std::uint64_t value) { return static_cast<std::int64_t>(value); };
    JsonWriter json(out);
    json.begin_object();
    json.flag("dry_run", command.dry_run);
    json.field("archive_files", number(report.archive.count));
    json.field("archive_bytes", number(report.archive.bytes));
    json.field("partial_files", number(report.partial.count));
    json.field("partial_bytes", number(report.partial.bytes));
    json.field("versions", number(report.versions));
    json.field("runs", number(report.runs));
    json.field("free_bytes", number(report.free_bytes));
    json.end_object();
    out << '\n';
}

ExitCode prune_state(const PruneCommand& command, Session& session) {
    const Config& config = session.config();
    const StoreOptions options =
        session.store_options(command.dry_run ? StoreMode::read_only : StoreMode::read_write);
    const auto store = command.dry_run ? open_store(options) : session.open_to_change();
    const bool is_shared = backend_of(options.location).is_shared;
    const PruneReport report = prune(*store,
                                     {.keep = config.keep,
                                      .state_dir = config.state_dir,
                                      .location = options.location,
                                      .host = config.host(),
                                      .now = patient_clock_of(*store, is_shared)(),
                                      .dry_run = command.dry_run,
                                      .check = stop_if_interrupted});
    const Streams& streams = session.streams();
    if (command.output == OutputFormat::json) {
        write_json(streams.out, report, command);
    } else if (command.output == OutputFormat::text || streams.terminal || command.dry_run) {
        write_text(streams.out, report, command);
    }
    for (const std::string& remark : report.remarks) {
        log(LogLevel::warning, "{}", remark);
    }
    if (report.free_bytes > 0) {
        log(LogLevel::info,
            "{} are free in the store for what comes; to give them back, see isinfetch-schema(7)",
            format_size(report.free_bytes));
    }
    return ExitCode::ok;
}

}  // namespace

void add_prune(CLI::App& app, Action& action) {
    auto command = std::make_shared<PruneCommand>();
    CLI::App* prune_app =
        app.add_subcommand("prune", "Remove what is older than the configuration keeps");
    prune_app->add_flag("-n,--dry-run", command->dry_run, "Only say what would be removed");
    add_output_format(*prune_app, command->output);
    prune_app->callback([command, &action] {
        action = [command](Session& session) { return prune_state(*command, session); };
    });
}

}  // namespace isinfetch::cli
