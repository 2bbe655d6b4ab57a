// What every subcommand is made of: a name, the declaration of its options, and what to do, which
// that declaration leaves behind.
#pragma once

#include "cli/session.hpp"

#include <CLI/CLI.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace isinfetch::cli {

/// What --version prints.
std::string_view program_version() noexcept;

using Action = std::function<ExitCode(Session&)>;

/// What a command prints: published records, which nobody may change, and whole files; or words
/// about runs, sources and the configuration, in which a secret may be repeated.
enum class Prints { records, words };

struct Command {
    std::string_view name;
    Prints prints;
    std::string_view task;  ///< the heading in --help below which it stands
    void (*add)(CLI::App& app, Action& action);
};

/// All subcommands, in the order of --help: those of one task together.
std::span<const Command> commands() noexcept;

enum class OutputFormat { automatic, text, json, none };

/// Adds -o/--output-format with the formats that the command has.
void add_output_format(CLI::App& command, OutputFormat& format, bool with_none = false);

/// Marks an option whose value is one of a few words, which completion offers. What is marked is
/// checked by cli/command_line.hpp, not by CLI11.
CLI::Validator one_of(const std::vector<std::string>& words);

/// The words that a validator of this name accepts; none when it is not about words.
std::vector<std::string> choices_in(std::string_view validator_name);

/// The names in a table, for one_of().
template <class Entry, std::size_t Count>
std::vector<std::string> names_of(std::span<const Entry, Count> table) {
    std::vector<std::string> names;
    for (const Entry& entry : table) {
        names.emplace_back(entry.name);
    }
    return names;
}

/// Marks an option with the type name "N", a whole number within these bounds.
CLI::Validator whole_number(std::int64_t least, std::int64_t most);

/// The bounds of a validator of this name, if it is about numbers.
std::optional<std::pair<std::int64_t, std::int64_t>> bounds_in(std::string_view validator_name);

}  // namespace isinfetch::cli
