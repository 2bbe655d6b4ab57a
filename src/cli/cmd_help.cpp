#include "cli/commands.hpp"
#include "cli/completion_model.hpp"
#include "cli/help.hpp"
#include "cli/value_check.hpp"
#include "util/text.hpp"

#include <fmt/format.h>

#include <ostream>

namespace isinfetch::cli {

namespace {

std::vector<std::string> all_paths(const CommandModel& root) {
    std::vector<std::string> paths;
    for (const CommandModel* command : all_commands(root)) {
        paths.push_back(command->path);
    }
    return paths;
}

ExitCode explain(CLI::App& app, const std::vector<std::string>& words, Session& session) {
    const CommandModel root = describe_commands(app);
    const std::string path = join(words, " ");
    const CommandModel* const command = find_command(root, path);
    if (command == nullptr) {
        fail(ErrorKind::usage,
             "'{}' is no command{}",
             printable(path),
             did_you_mean(path, all_paths(root)));
    }
    session.streams().out << help_text(root, *command);
    return ExitCode::ok;
}

}  // namespace

void add_help(CLI::App& app, Action& action) {
    auto words = std::make_shared<std::vector<std::string>>();
    CLI::App* help = app.add_subcommand("help", "Explain the program or one of its commands");
    help->add_option("COMMAND", *words, "What to explain; without it, the program")->type_name("");
    help->callback([words, &app, &action] {
        action = [words, &app](Session& session) { return explain(app, *words, session); };
    });
}

void add_version(CLI::App& app, Action& action) {
    app.add_subcommand("version", "Print the version, as --version does")->callback([&action] {
        action = [](Session& session) {
            session.streams().out << program_version() << '\n';
            return ExitCode::ok;
        };
    });
}

}  // namespace isinfetch::cli
