#include "cli/command_line.hpp"

#include "cli/value_check.hpp"
#include "util/error.hpp"
#include "util/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace isinfetch::cli {

namespace {

bool is_help(std::string_view word) noexcept {
    return word == "-h" || word == "--help";
}

bool begins_like_option(std::string_view word) noexcept {
    const bool is_number = word.size() > 1 && word[1] >= '0' && word[1] <= '9';
    return word.size() > 1 && word[0] == '-' && !is_number;
}

std::vector<std::string> names_below(const CommandModel& command) {
    std::vector<std::string> names;
    for (const CommandModel& below : command.commands) {
        if (!below.is_hidden) {
            names.emplace_back(below.name());
        }
    }
    return names;
}

std::string name_of(const CommandModel& command) {
    return command.path.empty() ? "isinfetch" : command.path;
}

class Reader {
public:
    Reader(const CommandModel& root, std::span<const std::string> words, CommandLine& line)
        : root_(root), command_(&root), words_(words), line_(line) {}

    void read() {
        while (next_ < words_.size() && line_.wish == Wish::act) {
            read_word(words_[next_++]);
        }
        if (line_.wish == Wish::act) {
            check_whole();
        }
    }

    /// Does a word that was not looked at yet ask for help?
    bool asks_for_help() const {
        const auto rest = words_.subspan(std::min(next_, words_.size()));
        const auto end = std::ranges::find(rest, "--");
        return !literal_ && std::any_of(rest.begin(), end, is_help);
    }

private:
    void read_word(const std::string& word) {
        if (literal_) {
            take_argument(word);
            return;
        }
        if (word == "--") {
            literal_ = true;
        } else if (word.starts_with("--")) {
            read_long(word);
        } else if (begins_like_option(word)) {
            read_short(word);
        } else if (!enter_command(word)) {
            take_argument(word);
        }
    }

    /// Only before the first argument: `sources xetra test` asks for a source of that name.
    bool enter_command(const std::string& word) {
        if (command_->commands.empty() || !line_.arguments.empty()) {
            return false;
        }
        const auto found =
            std::ranges::find(command_->commands, std::string_view(word), &CommandModel::name);
        if (found != command_->commands.end()) {
            command_ = &*found;
            line_.path = command_->path;
            return true;
        }
        if (command_->needs_command) {
            fail_for_command(word);
        }
        return false;
    }

    [[noreturn]] void fail_for_command(const std::string& word) const {
        const std::string before = command_->path.empty() ? "" : command_->path + " ";
        std::string meant;
        if (const auto near = closest(word, names_below(*command_))) {
            meant = fmt::format("; did you mean '{}{}'?", before, *near);
        }
        fail(ErrorKind::usage, "'{}{}' is no command{}", before, printable(word), meant);
    }

    void read_long(const std::string& word) {
        const std::size_t equals = word.find('=');
        const std::string name = word.substr(0, equals);
        const OptionModel& option = known_option(name, name);
        if (equals == std::string::npos) {
            take_option(option, nullptr);
        } else {
            const std::string value = word.substr(equals + 1);
            take_option(option, &value);
        }
    }

    /// "-n", "-fn", "-ojson", "-o=json".
    void read_short(const std::string& word) {
        for (std::size_t i = 1; i < word.size(); ++i) {
            const OptionModel& option = known_option("-" + word.substr(i, 1), word);
            const std::string rest = word.substr(i + 1);
            const bool is_attached = rest.starts_with('=');
            if (option.value.kind != ValueKind::none && !rest.empty()) {
                const std::string value = rest.substr(is_attached ? 1 : 0);
                take_option(option, &value);
                return;
            }
            take_option(option, nullptr);
        }
    }

    const OptionModel* find_anywhere(std::string_view name) const {
        const OptionModel* const own = find_option(*command_, name);
        return own != nullptr ? own : find_option(root_, name);
    }

    const OptionModel& known_option(const std::string& name, const std::string& word) const {
        if (const OptionModel* const option = find_anywhere(name)) {
            return *option;
        }
        fail_for_option(name, word);
    }

    [[noreturn]] void fail_for_option(const std::string& name, const std::string& word) const {
        std::vector<std::string> names;
        for (const CommandModel* owner : {command_, &root_}) {
            for (const OptionModel& option : owner->options) {
                names.push_back(main_name(option));
            }
        }
        const std::string inside = name == word ? "" : fmt::format(" (in '{}')", printable(word));
        std::string meant = did_you_mean(name == word ? name : "-" + word, names);
        if (const CommandModel* const other = meant.empty() ? owner_of(name) : nullptr) {
            meant = fmt::format(": it is one of '{}'", other->path);
        }
        fail(ErrorKind::usage,
             "'{}'{} is no option of '{}'{}",
             printable(name),
             inside,
             name_of(*command_),
             meant);
    }

    const CommandModel* owner_of(const std::string& name) const {
        for (const CommandModel* command : all_commands(root_)) {
            if (find_option(*command, name) != nullptr) {
                return command;
            }
        }
        return nullptr;
    }

    /// `attached`: null without one.
    void take_option(const OptionModel& option, const std::string* attached) {
        const std::string& name = main_name(option);
        if (name == "--help" || name == "--version") {
            line_.wish = name == "--help" ? Wish::help : Wish::version;
            return;
        }
        if (option.value.kind == ValueKind::none) {
            take_flag(option, attached);
            return;
        }
        take_value(option, attached != nullptr ? *attached : next_value(option));
        while (option.takes_several && next_ < words_.size() &&
               !begins_like_option(words_[next_])) {
            take_value(option, words_[next_++]);
        }
    }

    void take_flag(const OptionModel& option, const std::string* attached) {
        const std::string& name = main_name(option);
        if (attached != nullptr && !option.may_attach) {
            fail(ErrorKind::usage, "{}: takes no value: '{}'", name, printable(*attached));
        }
        if (attached != nullptr) {
            check_value(name, option.value, *attached);
        }
        give(option, attached == nullptr ? "" : *attached);
    }

    std::string next_value(const OptionModel& option) {
        const std::string& name = main_name(option);
        const bool is_last = next_ == words_.size();
        if (is_last || words_[next_] == "--" || is_known_option(words_[next_])) {
            fail(ErrorKind::usage,
                 "{}: {} is missing{}",
                 name,
                 option.value.label,
                 is_last ? "" : fmt::format(" before '{}'", printable(words_[next_])));
        }
        return words_[next_++];
    }

    bool is_known_option(const std::string& word) const {
        return begins_like_option(word) && find_anywhere(word.substr(0, word.find('='))) != nullptr;
    }

    void take_value(const OptionModel& option, const std::string& value) {
        check_value(main_name(option), option.value, value);
        give(option, value);
    }

    void give(const OptionModel& option, const std::string& value) {
        const std::string& name = main_name(option);
        const auto earlier = std::ranges::find(line_.options, name, &GivenOption::name);
        const bool is_flag = option.value.kind == ValueKind::none;
        if (!option.repeats && earlier != line_.options.end()) {
            if (is_flag && earlier->value == value) {
                return;
            }
            fail(ErrorKind::usage,
                 "{}: given twice, as '{}' and '{}'",
                 name,
                 printable(earlier->value),
                 printable(value));
        }
        const bool is_own = find_option(*command_, name) == &option;
        line_.options.push_back({is_own ? command_->path : "", name, value});
    }

    static void check_value(const std::string& name,
                            const ValueModel& value,
                            const std::string& text) {
        if (const std::string complaint = complaint_about(value, text); !complaint.empty()) {
            fail(ErrorKind::usage, "{}: {}", name, complaint);
        }
    }

    void take_argument(const std::string& word) {
        const auto& positionals = command_->positionals;
        const std::size_t given = line_.arguments.size();
        const bool fits =
            given < positionals.size() || (!positionals.empty() && positionals.back().repeats);
        if (!fits) {
            const std::string_view why =
                positionals.empty() ? "takes no arguments" : "takes no further argument";
            fail(ErrorKind::usage, "{}: {}: '{}'", name_of(*command_), why, printable(word));
        }
        const ValueModel& value = positionals[std::min(given, positionals.size() - 1)].value;
        check_value(value.label, value, word);
        line_.arguments.push_back(word);
    }

    // --- when all words are read ---

    void check_whole() const {
        if (command_->needs_command) {
            fail_without_command();
        }
        for (std::size_t i = line_.arguments.size(); i < command_->positionals.size(); ++i) {
            if (command_->positionals[i].required) {
                fail(ErrorKind::usage,
                     "{}: {} is missing: {}",
                     command_->path,
                     command_->positionals[i].value.label,
                     usage_line(*command_));
            }
        }
        for (const OptionModel& option : command_->options) {
            check_required(option);
            check_excluded(option);
        }
    }

    [[noreturn]] void fail_without_command() const {
        if (!command_->path.empty()) {
            fail(ErrorKind::usage,
                 "{}: needs one of {}",
                 command_->path,
                 join(names_below(*command_), ", "));
        }
        fail(ErrorKind::usage,
             "no command is given: 'isinfetch help' lists them; 'isinfetch sources' shows which"
             " lists there are");
    }

    bool is_given(const std::string& name) const {
        return std::ranges::find(line_.options, name, &GivenOption::name) != line_.options.end();
    }

    void check_required(const OptionModel& option) const {
        if (option.required && !is_given(main_name(option))) {
            fail(ErrorKind::usage,
                 "{}: {} {} is missing: {}",
                 command_->path,
                 main_name(option),
                 option.value.label,
                 usage_line(*command_));
        }
    }

    void check_excluded(const OptionModel& option) const {
        if (!is_given(main_name(option))) {
            return;
        }
        for (const std::string& other : option.excludes) {
            const bool is_argument = !other.starts_with('-');
            if (is_argument ? !line_.arguments.empty() : is_given(other)) {
                fail(ErrorKind::usage,
                     "{}: not together with {}",
                     main_name(option),
                     is_argument
                         ? fmt::format("the argument '{}'", printable(line_.arguments.front()))
                         : other);
            }
        }
    }

    const CommandModel& root_;
    const CommandModel* command_;
    std::span<const std::string> words_;
    CommandLine& line_;
    std::size_t next_ = 0;
    bool literal_ = false;  ///< after "--"
};

std::string argument_text(const PositionalModel& positional) {
    const std::string& label = positional.value.label;
    return (positional.required ? label : "[" + label + "]") + (positional.repeats ? "..." : "");
}

}  // namespace

void read_command_line(const CommandModel& root,
                       std::span<const std::string> words,
                       CommandLine& line) {
    Reader reader(root, words, line);
    try {
        reader.read();
    } catch (const Error&) {
        if (!reader.asks_for_help()) {
            throw;
        }
        line.wish = Wish::help;
    }
}

std::string usage_line(const CommandModel& command) {
    std::string text = "isinfetch";
    text += command.path.empty() ? "" : " " + command.path;
    std::string required;
    for (const OptionModel& option : command.options) {
        required +=
            option.required ? fmt::format(" {} {}", main_name(option), option.value.label) : "";
    }
    text += required + " [OPTION]...";
    if (!command.commands.empty()) {
        text += command.needs_command ? " COMMAND" : " [COMMAND]";
    }
    for (const PositionalModel& positional : command.positionals) {
        text += " " + argument_text(positional);
    }
    return text;
}

}  // namespace isinfetch::cli
