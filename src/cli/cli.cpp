#include "cli/cli.hpp"

#include "cli/command.hpp"
#include "cli/command_line.hpp"
#include "cli/completion_model.hpp"
#include "cli/help.hpp"
#include "cli/json_output.hpp"
#include "cli/remedy.hpp"
#include "cli/report_output.hpp"
#include "cli/secret_filter.hpp"
#include "cli/written_places.hpp"
#include "util/foreign_error.hpp"
#include "util/interrupt.hpp"
#include "util/log.hpp"
#include "util/text.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <iostream>
#include <memory>

namespace isinfetch::cli {

namespace {

void add_global_options(CLI::App& app, GlobalOptions& options) {
    app.set_version_flag(
        "-V,--version", std::string(program_version()), "Print the version and exit");
    app.add_option("-c,--config", options.config_file, "Read this configuration file")
        ->type_name("FILE");
    app.add_option("--state-dir", options.state_dir, "Keep store, archive and locks here")
        ->type_name("DIR");
    app.add_option("--set", options.settings, "Set one key of the configuration; may be repeated")
        ->type_name("KEY=VALUE")
        ->allow_extra_args(false);
    app.add_flag("-q,--quiet", options.quiet, "Say nothing but errors");
    app.add_flag("-v,--verbose", options.verbosity, "Say more; twice: everything");
}

void set_up_log(const GlobalOptions& options) {
    LogSettings settings;
    settings.journal = stderr_is_journal();
    settings.progress = !options.quiet && ::isatty(STDERR_FILENO) == 1;
    if (options.quiet) {
        settings.shown = LogLevel::error;
    } else if (options.verbosity > 0) {
        settings.shown = options.verbosity > 1 ? LogLevel::debug : LogLevel::info;
    }
    set_log(settings);
}

/// Gives CLI11 nothing to understand: each option has its value already, and the words that are
/// left to parse are the names of commands.
void hand_over(CLI::App& app, const CommandLine& line) {
    std::vector<std::string> path;
    for (const std::string_view word : split(line.path, ' ')) {
        path.insert(path.begin(), std::string(word));
    }
    const auto app_at = [&](const std::string& owner) {
        CLI::App* found = &app;
        for (const std::string_view word : split(owner, ' ')) {
            found = word.empty() ? found : found->get_subcommand(std::string(word));
        }
        return found;
    };
    const auto give = [](CLI::Option& option, const std::string& value) {
        // Where extra arguments are allowed, CLI11 takes "[a,b]" for two of them.
        option.allow_extra_args(false)->add_result(value);
    };
    for (const auto& [owner, name, value] : line.options) {
        CLI::Option* const option = app_at(owner)->get_option(name);
        const std::string attached = value.empty() ? option->get_default_str() : value;
        const bool is_flag = option->get_items_expected_max() == 0;
        give(*option, is_flag ? option->get_flag_value(name, "") : attached);
    }
    std::vector<CLI::Option*> positionals = app_at(line.path)->get_options(
        [](const CLI::Option* option) { return option->get_positional(); });
    for (std::size_t i = 0; i < line.arguments.size(); ++i) {
        give(*positionals[std::min(i, positionals.size() - 1)], line.arguments[i]);
    }
    try {
        app.parse(path);
    } catch (const CLI::Error&) {
        fail(ErrorKind::internal, "the command line is understood in two ways");
    }
}

/// What looks out for signals between two steps and ends with their status. All others leave
/// nothing half done behind, whenever they are killed.
constexpr std::array<std::string_view, 8> kEndInOrder{
    "run", "backfill", "rollback", "verify", "prune", "backup", "store copy", "sources test"};

ExitCode act(const Action& action,
             const CommandLine& line,
             const GlobalOptions& options,
             const Streams& streams) {
    // Before the configuration is read, which may last: it may be a FIFO.
    if (std::ranges::find(kEndInOrder, line.path) != kEndInOrder.end()) {
        watch_signals();
    }
    Session session(options, streams);
    const ExitCode code = [&] {
        try {
            stop_being_root(line, session);
            return action(session);
        } catch (const Error& error) {
            throw session.is_loaded() ? with_owner(error, session.config().state_dir) : error;
        }
    }();
    streams.out.flush();
    if (!streams.out) {
        fail(ErrorKind::io, "standard output: cannot be written");
    }
    return code;
}

/// Everything that may be written, in a state where CLI11 never has a word to say.
void declare(CLI::App& app, GlobalOptions& options, Action& action) {
    app.require_subcommand(1);
    add_global_options(app, options);
    for (const Command& command : commands()) {
        command.add(app, action);
        app.get_subcommand(std::string(command.name))->group(std::string(command.task));
    }
}

ExitCode explain(CLI::App& app, const std::string& path, const Streams& streams) {
    const CommandModel root = describe_commands(app);
    const CommandModel* const command = find_command(root, path);
    streams.out << help_text(root, command == nullptr ? root : *command);
    return ExitCode::ok;
}

/// Is the result wanted as JSON? Also of a command line that is wrong further on.
bool wants_json(CLI::App& app, const std::vector<std::string>& words, const CommandLine& line) {
    const CommandModel root = describe_all(app);
    const OptionModel* const option = find_option(*find_command(root, line.path), "-o");
    const bool has_json = option == nullptr || std::ranges::find(option->value.choices, "json") !=
                                                   option->value.choices.end();
    const bool is_command = !line.path.empty();
    bool named = false;
    for (std::size_t i = 0; i < words.size() && words[i] != "--"; ++i) {
        const bool is_name = words[i] == "-o" || words[i] == "--output-format";
        named = named || words[i] == "-ojson" || words[i] == "-o=json" ||
                words[i] == "--output-format=json" ||
                (is_name && i + 1 < words.size() && words[i + 1] == "json");
    }
    return named && has_json && (option != nullptr || !is_command);
}

/// One call of the program, from the words of the command line to its status.
class Call {
public:
    Call(int argc, const char* const* argv, const Streams& streams)
        : words_(argv + std::min(argc, 1), argv + argc), streams_(streams) {
        declare(app_, options_, action_);
    }

    ExitCode make() {
        const CommandModel model = describe_all(app_);
        try {
            read_command_line(model, words_, line_);
        } catch (const Error&) {
            watch_json();
            throw;
        }
        filter_secrets();
        watch_json();
        switch (line_.wish) {
            case Wish::help:
                return explain(app_, line_.path, streams_);
            case Wish::version:
                streams_.out << program_version() << '\n';
                return ExitCode::ok;
            case Wish::act:
                break;
        }
        hand_over(app_, line_);
        set_up_log(options_);
        return act(action_, line_, options_, streams_);
    }

    /// Says what ended the program, on standard error and, where it is wanted, in JSON.
    ExitCode end(Failure failure) {
        if (failure.status == ExitCode::usage) {
            failure.message = with_reference(failure.message);
        }
        log(LogLevel::error, "{}", failure.message);
        if (watch_ != nullptr) {
            complete_json(failure);
            streams_.out.flush();
        }
        return failure.status;
    }

private:
    /// Below the watch: what the watch adds is filtered as well.
    void filter_secrets() {
        const std::string_view name = std::string_view(line_.path).substr(0, line_.path.find(' '));
        const auto command = std::ranges::find(commands(), name, &Command::name);
        if (command != commands().end() && command->prints == Prints::words) {
            filter_ = std::make_unique<SecretFilter>(streams_.out);
        }
    }

    void watch_json() {
        if (line_.wish == Wish::act && wants_json(app_, words_, line_)) {
            watch_ = std::make_unique<JsonWatch>(streams_.out);
        }
    }

    void complete_json(const Failure& failure) {
        constexpr std::array<std::string_view, 3> kJsonLines{"changes", "check", "convert"};
        const bool is_lines = std::ranges::find(kJsonLines, line_.path) != kJsonLines.end();
        const bool is_run = line_.path == "run" || line_.path == "backfill";
        if (!watch_->is_untouched() && !is_lines) {
            watch_->close_array(failure);
        } else if (is_run) {
            const Error error(failure.kind, failure.message);
            write_report_json(streams_.out,
                              {.started = now(), .finished = now(), .error = error},
                              failure.status);
        } else {
            write_failure_json(streams_.out, failure);
            streams_.out << '\n';
        }
    }

    /// "…; did you mean 'status'? See 'isinfetch --help'": whoever wrote it wrong is told where it
    /// is explained.
    std::string with_reference(const std::string& text) const {
        const bool ends = text.ends_with('?') || text.ends_with("...");
        return fmt::format("{}{} See 'isinfetch {}{}--help'",
                           text,
                           ends ? "" : ".",
                           line_.path,
                           line_.path.empty() ? "" : " ");
    }

    std::vector<std::string> words_;
    const Streams& streams_;
    GlobalOptions options_{};
    Action action_{};
    CLI::App app_{"Fetches, checks and stores the world's published lists of ISINs", "isinfetch"};
    CommandLine line_{};
    std::unique_ptr<SecretFilter> filter_{};
    std::unique_ptr<JsonWatch> watch_{};
};

ExitCode make(Call& call) try { return call.make(); } catch (const Error& error) {
    return call.end({error.kind(), exit_code(error.kind()), error.what()});
} catch (const std::exception& failure) {
    const Error error = error_of(failure, {});
    const bool is_bug = error.kind() == ErrorKind::internal;
    return call.end({error.kind(),
                     exit_code(error.kind()),
                     fmt::format("{}{}", is_bug ? "internal error: " : "", error.what())});
}

}  // namespace

ExitCode run(int argc, const char* const* argv, const Streams& streams) noexcept try {
    let_signals_kill();
    Call call(argc, argv, streams);
    return make(call);
} catch (const std::exception& error) {
    log(LogLevel::error, "internal error: {}", error.what());
    return ExitCode::software;
}

}  // namespace isinfetch::cli
