// What a shell must know of the command line to complete it, as plain data, and the shells that can
// be told. Pure: from the model to the text of a script.
#pragma once

#include <span>
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
    std::string label{};                 ///< "DURATION"
    std::vector<std::string> choices{};  ///< only of ValueKind::choice
};

struct OptionModel {
    std::vector<std::string> names{};  ///< with their dashes, short ones first
    std::string summary{};
    ValueModel value{};
    bool repeats = false;
};

struct PositionalModel {
    ValueModel value{};
    bool repeats = false;
};

struct CommandModel {
    std::string
        path{};  ///< "config show"; empty: the program itself, whose options are everybody's
    std::string summary{};
    std::vector<OptionModel> options{};
    std::vector<PositionalModel> positionals{};
    std::vector<CommandModel> commands{};

    /// The last word of the path.
    std::string_view name() const noexcept;
};

/// The command and all below it, each before those below it.
std::vector<const CommandModel*> all_commands(const CommandModel& root);

/// The long option, else the short one.
const std::string& main_name(const OptionModel& option) noexcept;

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
