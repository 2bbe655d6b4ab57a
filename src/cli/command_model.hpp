// The command line as plain data: which commands there are, with which options and arguments. What
// reads it, explains it and completes it goes by this model.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace isinfetch::cli {

/// What stands where a value is expected, as far as completion can help.
enum class ValueKind {
    none,       ///< a flag: there is no value
    text,       ///< anything
    file,       ///< the name of a file
    directory,  ///< the name of a directory
    choice,     ///< one of a few words
    source,     ///< the name of a source: only the program knows them
    setting,    ///< KEY=VALUE: only the program knows the keys
};

struct ValueModel {
    ValueKind kind = ValueKind::none;
    std::string label{};                 ///< "DURATION"; cli/value_check.hpp knows what it asks for
    std::vector<std::string> choices{};  ///< only of ValueKind::choice
    std::int64_t least = 0;              ///< of a whole number, label "N"
    std::int64_t most = 0;
    std::string fallback{};  ///< what holds without the option, for people; may be empty
};

struct OptionModel {
    std::vector<std::string> names{};  ///< with their dashes, short ones first
    std::string summary{};
    ValueModel value{};
    bool repeats = false;
    bool required = false;
    bool takes_several = false;           ///< all words up to the next option are its values
    bool may_attach = false;              ///< a flag that takes a number as --name=N
    std::vector<std::string> excludes{};  ///< main names of options, labels of arguments
};

struct PositionalModel {
    ValueModel value{};
    bool repeats = false;
    bool required = false;
    std::string summary{};
};

struct CommandModel {
    std::string
        path{};  ///< "config show"; empty: the program itself, whose options are everybody's
    std::string summary{};
    std::string group{};  ///< the task that it belongs to
    std::vector<OptionModel> options{};
    std::vector<PositionalModel> positionals{};
    std::vector<CommandModel> commands{};
    bool needs_command = false;  ///< is it nothing without one of `commands`?
    bool is_hidden = false;      ///< read, but neither explained nor completed

    /// The last word of the path.
    std::string_view name() const noexcept;
};

/// The command and all below it, each before those below it; without hidden ones.
std::vector<const CommandModel*> all_commands(const CommandModel& root);

/// The long option, else the short one.
const std::string& main_name(const OptionModel& option) noexcept;

/// The command of this path, hidden ones among them; null when there is none.
const CommandModel* find_command(const CommandModel& root, std::string_view path) noexcept;

/// The option of this name, "-o" or "--output-format"; null when the command has none.
const OptionModel* find_option(const CommandModel& command, std::string_view name) noexcept;

}  // namespace isinfetch::cli
