// The shells that can be told what the command line is. Pure: from the model of it to the text of a
// script.
#pragma once

#include "cli/command_model.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace isinfetch::cli {

struct Shell {
    std::string_view name;
    std::string_view summary;  ///< how its script is loaded
    std::string (*script)(const CommandModel& root);
};

std::span<const Shell> shells() noexcept;

/// Text that means itself in every POSIX shell and in zsh: in single quotes.
std::string quote_for_shell(std::string_view text);

/// What `prefix` may become next, level by level: "net" leads to "network.", "sources.moex.c" to
/// "sources.moex.csv." and "sources.moex.columns=". Whole keys end in '='.
std::vector<std::string> next_steps(const std::vector<std::string>& keys, std::string_view prefix);

}  // namespace isinfetch::cli
