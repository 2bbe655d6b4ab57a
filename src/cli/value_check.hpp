// What a value on the command line must look like, by the word that --help writes for it. Pure.
#pragma once

#include "cli/command_model.hpp"

#include <string>
#include <string_view>

namespace isinfetch::cli {

/// What is wrong with `text` as such a value, to follow the name of the option: "'soon' is not a
/// duration such as 30s, 5m or 7d", with what was probably meant where that can be said. Empty:
/// nothing.
std::string complaint_about(const ValueModel& value, std::string_view text);

/// "; did you mean 'json'?" or nothing.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace isinfetch::cli
