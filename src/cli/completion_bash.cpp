#include "cli/completion.hpp"
#include "util/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace isinfetch::cli {

std::string bash_script(const CommandModel& root);

namespace {

constexpr std::string_view kHead =
    R"bash(# Completion of isinfetch for bash 4 and later, printed by 'isinfetch completion bash'.

)bash";

// bash hands over words that it cut at '=' and ':', too.
constexpr std::string_view kBody = R"bash(
# What only the program knows: sources or keys that begin with the second argument.
_isinfetch_words() {
    mapfile -t COMPREPLY < <("$program" "${config[@]}" completion words "$1" -- "$2" 2>/dev/null)
}

# Completes a value of that kind.
_isinfetch_value() {
    case $1 in
        file) compopt -o default ;;
        directory) compopt -o dirnames ;;
        choice\ *) mapfile -t COMPREPLY < <(compgen -W "${1#choice }" -- "$2") ;;
        source) _isinfetch_words sources "$2" ;;
        setting) compopt -o nospace && _isinfetch_words settings "$2" ;;
    esac
}

_isinfetch() {
    local program=${1/#\~/$HOME} path='' kind='' given=0 literal='' word option i
    local commands options positionals repeats words=() config=()
    COMPREPLY=()
    for ((i = 1; i <= COMP_CWORD; ++i)); do
        word=${COMP_WORDS[i]}
        if ((i > 1)) && [[ $word == [=:]* || ${COMP_WORDS[i - 1]} == *[=:] ]]; then
            words[${#words[@]} - 1]+=$word
        else
            words+=("$word")
        fi
    done
    local current=${words[${#words[@]} - 1]}
    _isinfetch_command ''
    for word in "${words[@]:0:${#words[@]}-1}"; do
        if [[ $kind ]]; then
            [[ $option == -c || $option == --config ]] && config=(--config "${word/#\~/$HOME}")
            kind=''
        elif [[ ! $literal && $word == -- ]]; then
            literal=yes
        elif [[ ! $literal && $word == --*=* ]]; then
            [[ $word == --config=* ]] && config=(--config "${word#*=}")
        elif [[ ! $literal && $word == -* ]]; then
            option=$word
            _isinfetch_option "$path" "$option"
        elif [[ $given == 0 && " $commands " == *" $word "* ]]; then
            path="${path:+$path }$word"
            _isinfetch_command "$path"
        else
            ((++given))
        fi
    done
    if [[ $kind ]]; then
        _isinfetch_value "$kind" "$current"
    elif [[ ! $literal && $current == --*=* ]]; then
        _isinfetch_option "$path" "${current%%=*}"
        _isinfetch_value "$kind" "${current#*=}"
    elif [[ ! $literal && $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$options" -- "$current")
    elif [[ $commands ]] && ((given == 0)); then
        ((${#positionals[@]})) && _isinfetch_value "${positionals[0]}" "$current"
        mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -W "$commands" -- "$current")
    elif ((given < ${#positionals[@]})); then
        _isinfetch_value "${positionals[given]}" "$current"
    elif [[ $repeats ]]; then
        _isinfetch_value "${positionals[${#positionals[@]} - 1]}" "$current"
    fi
} && complete -F _isinfetch isinfetch
)bash";

std::string kind_text(const ValueModel& value) {
    switch (value.kind) {
        case ValueKind::none:
            return "";
        case ValueKind::text:
            return "text";
        case ValueKind::file:
            return "file";
        case ValueKind::directory:
            return "directory";
        case ValueKind::choice:
            return "choice " + join(value.choices, " ");
        case ValueKind::source:
            return "source";
        case ValueKind::setting:
            return "setting";
    }
    return "";
}

void append_names(const CommandModel& owner, std::vector<std::string>& names) {
    for (const OptionModel& option : owner.options) {
        std::copy_if(option.names.begin(),
                     option.names.end(),
                     std::back_inserter(names),
                     [&](const std::string& name) {
                         return std::find(names.begin(), names.end(), name) == names.end();
                     });
    }
}

/// Those of the program itself may stand behind any command.
std::string option_names(const CommandModel& command, const CommandModel& root) {
    std::vector<std::string> names;
    append_names(command, names);
    append_names(root, names);
    return join(names, " ");
}

std::string positional_kinds(const CommandModel& command) {
    std::vector<std::string> kinds;
    for (const PositionalModel& positional : command.positionals) {
        kinds.push_back(quote_for_shell(kind_text(positional.value)));
    }
    return join(kinds, " ");
}

bool last_repeats(const CommandModel& command) noexcept {
    return !command.positionals.empty() && command.positionals.back().repeats;
}

/// What may follow each command.
std::string command_table(const CommandModel& root) {
    std::string text = "# What may follow a command.\n_isinfetch_command() {\n    case $1 in\n";
    for (const CommandModel* command : all_commands(root)) {
        std::vector<std::string> names;
        for (const CommandModel& below : command->commands) {
            names.emplace_back(below.name());
        }
        text += fmt::format(
            "        {})\n            commands={}\n            options={}\n"
            "            positionals=({})\n            repeats={}\n            ;;\n",
            quote_for_shell(command->path),
            quote_for_shell(join(names, " ")),
            quote_for_shell(option_names(*command, root)),
            positional_kinds(*command),
            last_repeats(*command) ? "yes" : "''");
    }
    return text + "    esac\n}\n";
}

/// One line of `case`: "'run -o' | 'run --output-format') kind='choice text json none' ;;". The
/// program's own options are at home behind every command.
std::string option_case(const CommandModel& command, const OptionModel& option) {
    std::vector<std::string> patterns;
    for (const std::string& name : option.names) {
        const std::string pattern = quote_for_shell(fmt::format("{} {}", command.path, name));
        patterns.push_back((command.path.empty() ? "*" : "") + pattern);
    }
    return fmt::format("        {}) kind={} ;;\n",
                       join(patterns, " | "),
                       quote_for_shell(kind_text(option.value)));
}

std::string option_cases(const CommandModel& command) {
    std::string text;
    for (const OptionModel& option : command.options) {
        text += option.value.kind == ValueKind::none ? "" : option_case(command, option);
    }
    return text;
}

/// What value each option has.
std::string option_table(const CommandModel& root) {
    std::string text =
        "\n# What the value of a command's option is; nothing for a flag.\n"
        "_isinfetch_option() {\n    kind=''\n    case \"$1 $2\" in\n";
    auto commands = all_commands(root);
    std::rotate(commands.begin(), commands.begin() + 1, commands.end());  // the program's come last
    for (const CommandModel* command : commands) {
        text += option_cases(*command);
    }
    return text + "    esac\n}\n";
}

}  // namespace

std::string bash_script(const CommandModel& root) {
    return std::string(kHead) + command_table(root) + option_table(root) + std::string(kBody);
}

}  // namespace isinfetch::cli
