// `isinfetch sources test`, which is declared below `sources`.
#pragma once

#include "cli/command.hpp"

namespace isinfetch::cli {

void add_sources_test(CLI::App& sources, Action& action);

}  // namespace isinfetch::cli
