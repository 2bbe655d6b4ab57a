#include "cli/completion.hpp"

#include <algorithm>
#include <array>

namespace isinfetch::cli {

// One per file completion_*.cpp.
std::string bash_script(const CommandModel& root);
std::string zsh_script(const CommandModel& root);
std::string fish_script(const CommandModel& root);

namespace {

constexpr std::array kShells{
    Shell{"bash", "For bash: source <(isinfetch completion bash)", bash_script},
    Shell{"zsh", "For zsh: save it as _isinfetch in a folder of $fpath", zsh_script},
    Shell{"fish", "For fish: isinfetch completion fish | source", fish_script},
};

}  // namespace

std::span<const Shell> shells() noexcept {
    return kShells;
}

std::string quote_for_shell(std::string_view text) {
    std::string quoted = "'";
    for (const char letter : text) {
        quoted += letter == '\'' ? "'\\''" : std::string(1, letter);
    }
    return quoted + "'";
}

std::vector<std::string> next_steps(const std::vector<std::string>& keys, std::string_view prefix) {
    std::vector<std::string> steps;
    for (const std::string& key : keys) {
        if (!key.starts_with(prefix)) {
            continue;
        }
        const std::size_t dot = key.find('.', prefix.size());
        std::string step = dot == std::string::npos ? key + "=" : key.substr(0, dot + 1);
        if (std::find(steps.begin(), steps.end(), step) == steps.end()) {
            steps.push_back(std::move(step));
        }
    }
    return steps;
}

}  // namespace isinfetch::cli
