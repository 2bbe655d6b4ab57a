// Asking another program. No shell: arguments arrive as they are.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace isinfetch {

/// What `command` (a program found in PATH, and its arguments) writes to standard output, up to
/// 1 MiB; none when it cannot be started, ends with another status than 0, or takes longer than
/// `patience`, after which it is killed. Its standard error goes nowhere.
std::optional<std::string> output_of(const std::vector<std::string>& command,
                                     std::chrono::milliseconds patience);

}  // namespace isinfetch
