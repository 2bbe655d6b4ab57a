#include "cli/commands.hpp"
#include "cli/completion.hpp"
#include "cli/completion_model.hpp"

#include <algorithm>
#include <ostream>

namespace isinfetch::cli {

namespace {

struct WordsCommand {
    std::string kind{};
    std::string prefix{};
};

std::vector<std::string> source_names(Session& session) {
    std::vector<std::string> names;
    for (const SourceConfig& source : session.config().sources) {
        names.push_back(source.name);
    }
    return names;
}

/// Every key that --set takes, those of each source under its name.
std::vector<std::string> setting_names(Session& session) {
    constexpr std::string_view kAnySource = "sources.NAME.";
    std::vector<std::string> names;
    const std::vector<std::string> sources = source_names(session);
    for (const KeyInfo& key : config_keys()) {
        if (!key.path.starts_with(kAnySource)) {
            names.push_back(key.path);
            continue;
        }
        for (const std::string& source : sources) {
            names.push_back("sources." + source + key.path.substr(kAnySource.size() - 1));
        }
    }
    return names;
}

std::vector<std::string> words(const WordsCommand& command, Session& session) {
    if (command.kind == "settings") {
        return next_steps(setting_names(session), command.prefix);
    }
    std::vector<std::string> names = source_names(session);
    std::erase_if(names, [&](const auto& name) { return !name.starts_with(command.prefix); });
    return names;
}

/// Somebody is typing: a configuration that is wrong completes nothing, and says so another time.
ExitCode print_words(const WordsCommand& command, Session& session) {
    try {
        for (const std::string& word : words(command, session)) {
            session.streams().out << word << '\n';
        }
    } catch (const Error&) {
        return ExitCode::ok;
    }
    return ExitCode::ok;
}

}  // namespace

void add_completion(CLI::App& app, Action& action) {
    CLI::App* completion =
        app.add_subcommand("completion", "Print the script by which a shell completes commands");
    completion->require_subcommand(1);
    for (const Shell& shell : shells()) {
        const auto print = [&app, &shell](Session& session) {
            session.streams().out << shell.script(describe_commands(app));
            return ExitCode::ok;
        };
        completion->add_subcommand(std::string(shell.name), std::string(shell.summary))
            ->callback([print, &action] { action = print; });
    }
    auto command = std::make_shared<WordsCommand>();
    CLI::App* words_app = completion->add_subcommand("words", "For the scripts")->group("");
    words_app->add_option("KIND", command->kind, "What is completed")
        ->required()
        ->check(one_of({"sources", "settings"}));
    words_app->add_option("PREFIX", command->prefix, "What is typed already");
    words_app->callback([command, &action] {
        action = [command](Session& session) { return print_words(*command, session); };
    });
}

}  // namespace isinfetch::cli
