#include "cli/completion.hpp"
#include "util/text.hpp"

#include <fmt/format.h>

namespace isinfetch::cli {

std::string fish_script(const CommandModel& root);

namespace {

constexpr std::string_view kHead =
    R"fish(# Completion of isinfetch for fish 3 and later, printed by 'isinfetch completion fish'.

# What only the program knows: sources or keys.
function __isinfetch_words
    set -l line (commandline -opc)
    set -l config
    for index in (seq 2 (count $line))
        switch $line[$index]
            case -c --config
                set config --config $line[(math $index + 1)]
            case '--config=*'
                set config $line[$index]
        end
    end
    set -l program (string replace -r '^~' -- $HOME $line[1])
    set -l prefix (commandline -ct | string replace -r -- '^--?[a-z-]+=' '')
    $program $config completion words $argv[1] -- "$prefix" 2>/dev/null
end

# Is the cursor behind this command, and behind so many further words if a number is given?
function __isinfetch_behind
    set -l path
    set -l given 0
    set -l has_value no
    for word in (commandline -opc)[2..-1]
        if test $has_value = yes
            set has_value no
        else if string match -q -- '--*=*' $word
            continue
        else if string match -q -- '-*' $word
            if contains -- "$path $word" $__isinfetch_valued; or contains -- " $word" $__isinfetch_valued
                set has_value yes
            end
        else if contains -- (string trim "$path $word") $__isinfetch_paths
            set path (string trim "$path $word")
        else
            set given (math $given + 1)
        end
    end
    test "$path" = "$argv[1]"; and test -z "$argv[2]" -o "$given" = "$argv[2]"
end
)fish";

/// In single quotes, as fish reads them: \' and \\ are the only escapes.
std::string quote(std::string_view text) {
    std::string quoted = "'";
    for (const char letter : text) {
        if (letter == '\'' || letter == '\\') {
            quoted += '\\';
        }
        quoted += letter;
    }
    return quoted + "'";
}

/// What `complete` says of a value: nothing for a flag.
std::string value_text(const ValueModel& value) {
    switch (value.kind) {
        case ValueKind::none:
            return "";
        case ValueKind::text:
            return " -x";
        case ValueKind::file:
            return " -r -F";
        case ValueKind::directory:
            return " -x -a '(__fish_complete_directories)'";
        case ValueKind::choice:
            return " -x -a " + quote(join(value.choices, " "));
        case ValueKind::source:
            return " -x -a '(__isinfetch_words sources)'";
        case ValueKind::setting:
            return " -x -a '(__isinfetch_words settings)'";
    }
    return "";
}

std::string condition(const CommandModel& command, const std::string& given = "") {
    return fmt::format(
        " -n {}",
        quote("__isinfetch_behind " + quote(command.path) + (given.empty() ? "" : " " + given)));
}

/// Options of the command behind which a value comes, each with the command before it.
std::string valued_options(const CommandModel& command) {
    std::string text;
    for (const OptionModel& option : command.options) {
        for (const std::string& name : option.names) {
            const std::string word = quote(fmt::format("{} {}", command.path, name));
            text += option.value.kind == ValueKind::none ? "" : " \\\n    " + word;
        }
    }
    return text;
}

/// What __isinfetch_behind must know of the command line.
std::string facts(const CommandModel& root) {
    std::string valued = "\nset -g __isinfetch_valued";
    std::string paths = "\nset -g __isinfetch_paths";
    for (const CommandModel* command : all_commands(root)) {
        paths += command->path.empty() ? "" : " " + quote(command->path);
        valued += valued_options(*command);
    }
    return valued + "\n" + paths + "\n";
}

/// Options of the program itself may stand behind any command.
std::string option_line(const CommandModel& command, const OptionModel& option) {
    std::string text = "complete -c isinfetch";
    text += command.path.empty() && main_name(option) != "--help" ? "" : condition(command);
    for (const std::string& name : option.names) {
        text += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
    }
    return text + value_text(option.value) + " -d " + quote(option.summary) + "\n";
}

std::string positional_lines(const CommandModel& command) {
    std::string text;
    int given = 0;
    for (const PositionalModel& positional : command.positionals) {
        const std::string number = positional.repeats ? "" : std::to_string(given++);
        if (positional.value.kind != ValueKind::text) {
            text += "complete -c isinfetch" + condition(command, number) +
                    value_text(positional.value) + "\n";
        }
    }
    return text;
}

std::string command_lines(const CommandModel& command) {
    std::string text = "\n";
    for (const CommandModel& below : command.commands) {
        text += fmt::format("complete -c isinfetch{} -a {} -d {}\n",
                            condition(command, "0"),
                            below.name(),
                            quote(below.summary));
    }
    text += positional_lines(command);
    for (const OptionModel& option : command.options) {
        text += option_line(command, option);
    }
    return text;
}

}  // namespace

std::string fish_script(const CommandModel& root) {
    std::string text = std::string(kHead) + facts(root) + "\ncomplete -c isinfetch -f\n";
    for (const CommandModel* command : all_commands(root)) {
        text += command_lines(*command);
    }
    return text;
}

}  // namespace isinfetch::cli
