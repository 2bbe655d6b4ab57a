#include "cli/command.hpp"

#include <array>

namespace isinfetch::cli {

// One per file cmd_*.cpp.
void add_run(CLI::App& app, Action& action);
void add_status(CLI::App& app, Action& action);
void add_schedule(CLI::App& app, Action& action);
void add_lookup(CLI::App& app, Action& action);
void add_list(CLI::App& app, Action& action);
void add_diff(CLI::App& app, Action& action);
void add_history(CLI::App& app, Action& action);
void add_export(CLI::App& app, Action& action);
void add_check(CLI::App& app, Action& action);
void add_convert(CLI::App& app, Action& action);
void add_sources(CLI::App& app, Action& action);
void add_formats(CLI::App& app, Action& action);
void add_config(CLI::App& app, Action& action);
void add_doctor(CLI::App& app, Action& action);
void add_completion(CLI::App& app, Action& action);

namespace {

constexpr std::array kCommands{
    Command{"run", add_run},
    Command{"status", add_status},
    Command{"schedule", add_schedule},
    Command{"lookup", add_lookup},
    Command{"list", add_list},
    Command{"diff", add_diff},
    Command{"history", add_history},
    Command{"export", add_export},
    Command{"check", add_check},
    Command{"convert", add_convert},
    Command{"sources", add_sources},
    Command{"formats", add_formats},
    Command{"config", add_config},
    Command{"doctor", add_doctor},
    Command{"completion", add_completion},
};

}  // namespace

std::span<const Command> commands() noexcept {
    return kCommands;
}

}  // namespace isinfetch::cli
