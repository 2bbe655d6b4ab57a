// What --help prints, from the model of the command line. Pure.
#pragma once

#include "cli/command_model.hpp"

#include <span>
#include <string>
#include <string_view>

namespace isinfetch::cli {

/// A call that shows what a command is good for.
struct Example {
    std::string_view path;  ///< of the command; empty: among those of the program
    std::string_view line;
    std::string_view meaning;
};

/// All of them: one table. Tests call each.
std::span<const Example> examples() noexcept;

/// The explanation of `command`, which is `root` or below it: usage, arguments, options with their
/// defaults, examples, in lines of at most 80 columns.
std::string help_text(const CommandModel& root, const CommandModel& command);

}  // namespace isinfetch::cli
