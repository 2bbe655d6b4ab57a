// The layers above the files: environment variables and the command line.
#pragma once

#include "config/document.hpp"
#include "config/load.hpp"

#include <string>
#include <vector>

namespace isinfetch {

/// STATE_DIRECTORY of systemd, then ISINFETCH_* (and ISINFETCH_*_FILE, whose file holds the value).
/// A variable that means no key is a warning: others may own it. An empty one counts as not set.
void lay_environment(Value& tree, const ConfigInputs& inputs, std::vector<std::string>& warnings);

/// --set key=value in their order, then --state-dir. Throws Error{usage} without an equals sign.
void lay_settings(Value& tree, const ConfigInputs& inputs);

}  // namespace isinfetch
