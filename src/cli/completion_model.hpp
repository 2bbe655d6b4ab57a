// From CLI11's options to the model of the command line.
#pragma once

#include "cli/command_model.hpp"

#include <CLI/CLI.hpp>

namespace isinfetch::cli {

/// Everything that --help shows. What it hides, completion hides.
CommandModel describe_commands(CLI::App& app);

/// The same with all that is hidden: what may be written.
CommandModel describe_all(CLI::App& app);

}  // namespace isinfetch::cli
