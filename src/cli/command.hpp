// What every subcommand is made of: a name, the declaration of its options, and what to do, which
// that declaration leaves behind.
#pragma once

#include "cli/session.hpp"

#include <CLI/CLI.hpp>

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace isinfetch::cli {

using Action = std::function<ExitCode(Session&)>;

struct Command {
    std::string_view name;
    void (*add)(CLI::App& app, Action& action);
};

/// All subcommands, in the order of --help.
std::span<const Command> commands() noexcept;

enum class OutputFormat { automatic, text, json, none };

/// Adds -o/--output-format with the formats that the command has.
void add_output_format(CLI::App& command, OutputFormat& format, bool with_none = false);

/// A CLI11 check for one of a few words, which completion offers.
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

/// A CLI11 check for durations such as 30s or 7d.
CLI::Validator duration_check();

}  // namespace isinfetch::cli
