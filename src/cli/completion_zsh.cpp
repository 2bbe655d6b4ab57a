#include "cli/completion.hpp"
#include "util/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace isinfetch::cli {

std::string zsh_script(const CommandModel& root);

namespace {

constexpr std::string_view kHead = R"zsh(#compdef isinfetch
# Completion of isinfetch for zsh, printed by 'isinfetch completion zsh'.

# What only the program knows: sources or keys. Words of the line are still quoted: _call_program
# evaluates them.
__isinfetch_words() {
    local -a config
    local -i index
    for ((index = 2; index < $#isinfetch_line; ++index)); do
        case $isinfetch_line[index] in
            (-c|--config) config=(--config $isinfetch_line[index+1]) ;;
            (--config=*) config=(--config ${isinfetch_line[index]#*=}) ;;
        esac
    done
    _call_program words $isinfetch_line[1] $config completion words $1 -- ${(q)PREFIX} 2>/dev/null
}

__isinfetch_sources() {
    local -a names expl
    names=(${(f)"$(__isinfetch_words sources)"})
    _wanted sources expl source compadd -a names
}

__isinfetch_settings() {
    local -a steps expl
    steps=(${(f)"$(__isinfetch_words settings)"})
    _wanted keys expl 'key of the configuration' compadd -S '' -a steps
}
)zsh";

// The file is either autoloaded, and then called as the function itself, or sourced.
constexpr std::string_view kTail = R"zsh(
if [[ $funcstack[1] == _isinfetch ]]; then
    _isinfetch "$@"
else
    compdef _isinfetch isinfetch
fi
)zsh";

/// The function of "config show": _isinfetch_config_show. The helpers have two underscores in
/// front, so that no command can take their names.
std::string function_name(const CommandModel& command) {
    std::string name = "_isinfetch";
    for (const std::string_view part : split(command.path, ' ')) {
        name += part.empty() ? "" : fmt::format("_{}", part);
    }
    return name;
}

/// Text inside [] or between colons of a specification of _arguments.
std::string escape(std::string_view text) {
    std::string escaped;
    for (const char letter : text) {
        if (std::string_view("[]:\\").find(letter) != std::string_view::npos) {
            escaped += '\\';
        }
        escaped += letter;
    }
    return escaped;
}

/// ":label:action".
std::string value_text(const ValueModel& value) {
    const std::string label = ":" + escape(value.label) + ":";
    switch (value.kind) {
        case ValueKind::none:
            return "";
        case ValueKind::text:
            return label + " ";
        case ValueKind::file:
            return label + "_files";
        case ValueKind::directory:
            return label + "_files -/";
        case ValueKind::choice:
            return label + "(" + join(value.choices, " ") + ")";
        case ValueKind::source:
            return label + "__isinfetch_sources";
        case ValueKind::setting:
            return label + "__isinfetch_settings";
    }
    return "";
}

/// -o+ and --option= for options with a value: it may be attached, or the next word.
std::string with_sign(const std::string& name, const ValueModel& value) {
    if (value.kind == ValueKind::none) {
        return name;
    }
    return name + (name.starts_with("--") ? "=" : "+");
}

std::string option_spec(const OptionModel& option) {
    const std::string text =
        quote_for_shell("[" + escape(option.summary) + "]" + value_text(option.value));
    std::vector<std::string> names;
    for (const std::string& name : option.names) {
        names.push_back(with_sign(name, option.value));
    }
    const std::string several = names.size() == 1 ? names.front() : "{" + join(names, ",") + "}";
    const std::string excluded =
        option.repeats ? "'*'" : quote_for_shell("(" + join(option.names, " ") + ")");
    return excluded + several + text;
}

std::string positional_spec(const PositionalModel& positional) {
    return quote_for_shell((positional.repeats ? "*" : "") + value_text(positional.value));
}

bool has_option(const CommandModel& command, const std::string& name) {
    return std::any_of(command.options.begin(), command.options.end(), [&](const auto& option) {
        return main_name(option) == name;
    });
}

/// The options of the program that may stand behind `command` too.
std::string option_specs(const CommandModel& command, const CommandModel& root) {
    std::string text;
    const auto add = [&](const OptionModel& option) {
        text += fmt::format(" \\\n        {}", option_spec(option));
    };
    std::for_each(command.options.begin(), command.options.end(), add);
    for (const OptionModel& option : root.options) {
        if (!command.path.empty() && !has_option(command, main_name(option))) {
            add(option);
        }
    }
    return text;
}

std::string leaf_function(const CommandModel& command, const CommandModel& root) {
    std::string text = fmt::format("\n{}() {{\n    _arguments -s -S", function_name(command));
    text += option_specs(command, root);
    for (const PositionalModel& positional : command.positionals) {
        text += fmt::format(" \\\n        {}", positional_spec(positional));
    }
    return text + "\n}\n";
}

/// A command of which the first positional is another command, or else the name of a source.
std::string branch_function(const CommandModel& command, const CommandModel& root) {
    const std::string name = function_name(command);
    std::string text = fmt::format("\n_{}_commands() {{\n    local -a commands=(\n", name);
    for (const CommandModel& below : command.commands) {
        text += fmt::format("        {}\n",
                            quote_for_shell(fmt::format("{}:{}", below.name(), below.summary)));
    }
    text += "    )\n    _describe -t commands command commands\n";
    text += command.positionals.empty() ? "" : "    __isinfetch_sources\n";
    text += fmt::format("}}\n\n{}() {{\n", name);
    text +=
        "    local curcontext=$curcontext state state_descr line ret=1\n"
        "    local -A opt_args\n";
    if (command.path.empty()) {
        text += "    local -a isinfetch_line=(\"${words[@]}\")\n";
    }
    text += "    _arguments -C -s -S" + option_specs(command, root);
    text +=
        fmt::format(" \\\n        '1: :_{}_commands' \\\n        '*:: :->below' && ret=0\n", name);
    text += fmt::format(
        "    if [[ $state == below ]] && (( $+functions[{0}_$words[1]] )); then\n"
        "        curcontext=\"${{curcontext%:*}}-$words[1]:\"\n"
        "        {0}_$words[1] && ret=0\n    fi\n",
        name);
    text += command.positionals.empty()
                ? ""
                : fmt::format(
                      "    if [[ $state == below ]] && ! (( $+functions[{}_$words[1]] )); then\n"
                      "        __isinfetch_sources && ret=0\n    fi\n",
                      name);
    text += "    return ret\n}\n";
    return text;
}

}  // namespace

std::string zsh_script(const CommandModel& root) {
    std::string text(kHead);
    auto commands = all_commands(root);
    std::reverse(commands.begin(), commands.end());  // each before the one that calls it
    for (const CommandModel* command : commands) {
        text += command->commands.empty() ? leaf_function(*command, root)
                                          : branch_function(*command, root);
    }
    return text + std::string(kTail);
}

}  // namespace isinfetch::cli
