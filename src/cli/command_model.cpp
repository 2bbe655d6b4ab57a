#include "cli/command_model.hpp"

#include <algorithm>

namespace isinfetch::cli {

namespace {

void append_commands(const CommandModel& command, std::vector<const CommandModel*>& commands) {
    commands.push_back(&command);
    for (const CommandModel& below : command.commands) {
        if (!below.is_hidden) {
            append_commands(below, commands);
        }
    }
}

}  // namespace

std::string_view CommandModel::name() const noexcept {
    return std::string_view(path).substr(path.rfind(' ') + 1);
}

std::vector<const CommandModel*> all_commands(const CommandModel& root) {
    std::vector<const CommandModel*> commands;
    append_commands(root, commands);
    return commands;
}

const std::string& main_name(const OptionModel& option) noexcept {
    return option.names.back();
}

const CommandModel* find_command(const CommandModel& root, std::string_view path) noexcept {
    if (root.path == path) {
        return &root;
    }
    for (const CommandModel& below : root.commands) {
        if (const CommandModel* const found = find_command(below, path)) {
            return found;
        }
    }
    return nullptr;
}

const OptionModel* find_option(const CommandModel& command, std::string_view name) noexcept {
    for (const OptionModel& option : command.options) {
        if (std::ranges::find(option.names, name) != option.names.end()) {
            return &option;
        }
    }
    return nullptr;
}

}  // namespace isinfetch::cli
