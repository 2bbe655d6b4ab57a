// Reads the words of a command line by the model of it. Pure: knows nothing of CLI11, whose rules
// and messages change from release to release.
#pragma once

#include "cli/command_model.hpp"

#include <span>
#include <string>
#include <vector>

namespace isinfetch::cli {

enum class Wish { act, help, version };

/// One use of an option. A flag has an empty value unless one was attached.
struct GivenOption {
    std::string owner{};  ///< path of the command that declares it
    std::string name{};   ///< main_name()
    std::string value{};
};

struct CommandLine {
    std::string path{};  ///< of the command, as far as it was understood
    Wish wish = Wish::act;
    std::vector<GivenOption> options{};
    std::vector<std::string> arguments{};
};

/// Fills `line` as it goes, so that it says how far a command line that is wrong was understood.
/// Words that begin with '-' are options until "--"; "-" and numbers are arguments. Values may
/// follow as a word or attached: -oVALUE, -o=VALUE, --option=VALUE. Options of the program itself
/// may stand anywhere. --help anywhere wins over every mistake.
/// Throws Error{usage} that names the word at fault and what was probably meant.
void read_command_line(const CommandModel& root,
                       std::span<const std::string> words,
                       CommandLine& line);

/// "isinfetch diff [OPTION]... SOURCE [FROM] [TO]".
std::string usage_line(const CommandModel& command);

}  // namespace isinfetch::cli
