#include "cli/commands.hpp"
#include "store/backup.hpp"
#include "util/interrupt.hpp"

namespace isinfetch::cli {

namespace {

struct BackupCommand {
    std::string file{};
    bool force = false;
};

ExitCode backup(const BackupCommand& command, Session& session) {
    if (command.file.empty()) {
        fail(ErrorKind::usage, "backup: the file has no name");
    }
    // Opened as any other command opens it: whose store it is, and of which schema, is found out.
    const StoreOptions store = session.options_to_read();
    open_store(store);
    back_up(store,
            command.file,
            command.force ? Existing::replace : Existing::keep,
            stop_if_interrupted);
    return ExitCode::ok;
}

}  // namespace

void add_backup(CLI::App& app, Action& action) {
    auto command = std::make_shared<BackupCommand>();
    CLI::App* backup_app =
        app.add_subcommand("backup", "Copy the store into a file while it is in use");
    backup_app->add_option("FILE", command->file, "The file to write, whole or not at all")
        ->required()
        ->type_name("");
    backup_app->add_flag("--force", command->force, "Replace the file if it is there already");
    backup_app->callback([command, &action] {
        action = [command](Session& session) { return backup(*command, session); };
    });
}

}  // namespace isinfetch::cli
