#include "cli/commands.hpp"
#include "config/redact.hpp"
#include "publish/scheduler.hpp"
#include "util/file.hpp"
#include "util/host.hpp"
#include "util/log.hpp"
#include "util/output_file.hpp"

#include <filesystem>
#include <ostream>

namespace isinfetch::cli {

namespace {

struct ScheduleCommand {
    std::vector<std::string> sources{};
    std::string output_dir{};
    std::string image{};
    bool user_crontab = false;
};

std::string absolute(const std::string& path) {
    return std::filesystem::absolute(path).lexically_normal().native();
}

/// What leads other callers to the same configuration. Settings of this call alone do not last.
std::vector<std::string> lasting_options(const GlobalOptions& options) {
    std::vector<std::string> words;
    if (!options.config_file.empty()) {
        words.insert(words.end(), {"--config", absolute(options.config_file)});
    }
    if (!options.state_dir.empty()) {
        words.insert(words.end(), {"--state-dir", absolute(options.state_dir)});
    }
    return words;
}

SchedulePlan make_plan(const ScheduleCommand& command, Session& session) {
    const ConfigInputs inputs = session.inputs();
    SchedulePlan plan{.all_enabled = command.sources.empty(),
                      .options = lasting_options(session.options()),
                      .program = (inputs.program_dir / "isinfetch").native(),
                      .version = ISINFETCH_VERSION,
                      .host = host_identity(),
                      .now = now(),
                      .image = command.image,
                      .user_crontab = command.user_crontab};
    for (const SourceConfig* source : select_sources(session.config(), command.sources)) {
        plan.sources.push_back({source->name, source->cadence});
    }
    for (const auto& file : find_config_files(inputs).files) {
        const std::string path = absolute(file.native());
        const std::string& text = plan.files.emplace_back(path, read_file(file)).second;
        if (holds_secrets(text, path)) {
            plan.secret_files.insert(path);
        }
    }
    return plan;
}

void write_files(const std::vector<ScheduleFile>& files,
                 const std::filesystem::path& directory,
                 std::ostream& out) {
    for (const ScheduleFile& file : files) {
        const std::filesystem::path path = directory / file.path;
        make_directories(path.parent_path());
        OutputFile target(find_output(path));
        target.write(file.text);
        target.commit(file.is_secret ? AtomicFile::kOwner : AtomicFile::kEverybody);
        out << path.native() << '\n';
    }
}

ExitCode schedule(const Scheduler& scheduler, const ScheduleCommand& command, Session& session) {
    session.expect_only(command.sources);
    if (!session.options().settings.empty()) {
        log(LogLevel::warning,
            "--set: lasts for this call only: what is printed does not repeat it");
    }
    const auto files = scheduler.write(make_plan(command, session));
    std::ostream& out = session.streams().out;
    if (!command.output_dir.empty()) {
        write_files(files, command.output_dir, out);
        return ExitCode::ok;
    }
    for (const ScheduleFile& file : files) {
        out << (&file == &files.front() ? "" : "\n") << file.text;
    }
    return ExitCode::ok;
}

void add_scheduler(CLI::App& parent, const Scheduler& scheduler, Action& action) {
    auto command = std::make_shared<ScheduleCommand>();
    CLI::App* app =
        parent.add_subcommand(std::string(scheduler.name), std::string(scheduler.summary));
    app->add_option("SOURCE", command->sources, "Sources to run; without one, all enabled ones")
        ->type_name("");
    app->add_option(
           "--output-dir", command->output_dir, "Write files into this folder, print names")
        ->type_name("DIR");
    if (scheduler.has_image) {
        app->add_option("--image", command->image, "Run the program of this container image")
            ->type_name("IMAGE");
    }
    if (scheduler.has_user_crontab) {
        app->add_flag("--user", command->user_crontab, "For crontab(1): without the user's column");
    }
    app->callback([command, &scheduler, &action] {
        action = [command, &scheduler](Session& session) {
            return schedule(scheduler, *command, session);
        };
    });
}

}  // namespace

void add_schedule(CLI::App& app, Action& action) {
    CLI::App* schedule_app =
        app.add_subcommand("schedule", "Print what another scheduler needs to run isinfetch");
    schedule_app->require_subcommand(1);
    for (const Scheduler& scheduler : schedulers()) {
        add_scheduler(*schedule_app, scheduler, action);
    }
}

}  // namespace isinfetch::cli
