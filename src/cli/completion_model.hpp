// From CLI11's options to the model that completion scripts are made of.
#pragma once

#include "cli/completion.hpp"

#include <CLI/CLI.hpp>

namespace isinfetch::cli {

/// Everything that --help shows. What it hides, completion hides.
CommandModel describe_commands(CLI::App& app);

}  // namespace isinfetch::cli
