#include "cli/help.hpp"

#include "cli/command_line.hpp"
#include "util/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace isinfetch::cli {

namespace {

constexpr std::size_t kWidth = 79;        // a terminal of 80 columns wraps after the last one
constexpr std::size_t kLongestTerm = 24;  // what is longer has a line of its own

/// What is explained on the left, its explanation on the right.
struct Entry {
    std::string term{};
    std::string text{};
};

/// Breaks `text` between words and indents all lines but the first by `indent`.
std::string wrapped(std::string_view text, std::size_t indent) {
    std::string result;
    std::size_t column = indent;
    for (const std::string_view word : split(text, ' ')) {
        if (!result.empty() && column + 1 + word.size() > kWidth) {
            result += "\n" + std::string(indent, ' ');
            column = indent;
        } else if (!result.empty()) {
            result += ' ';
            ++column;
        }
        result += word;
        column += word.size();
    }
    return result;
}

std::string section(std::string_view title, const std::vector<Entry>& entries) {
    if (entries.empty()) {
        return "";
    }
    std::size_t width = 0;
    for (const Entry& entry : entries) {
        width = std::max(width, entry.term.size() > kLongestTerm ? 0 : entry.term.size());
    }
    const std::size_t indent = width + 4;
    std::string text = fmt::format("\n{}:\n", title);
    for (const Entry& entry : entries) {
        const bool fits = entry.term.size() <= width;
        text += fits ? fmt::format("  {:{}}  ", entry.term, width)
                     : fmt::format("  {}\n{}", entry.term, std::string(indent, ' '));
        text += wrapped(entry.text, indent) + "\n";
    }
    return text;
}

std::string with_default(const std::string& summary, const ValueModel& value) {
    return value.fallback.empty() ? summary
                                  : fmt::format("{} (default: {})", summary, value.fallback);
}

/// "-o, --output-format FORMAT", "    --set KEY=VALUE".
Entry entry_of(const OptionModel& option) {
    Entry entry{.term = join(option.names, ", "),
                .text = with_default(option.summary, option.value)};
    if (option.names.front().starts_with("--")) {
        entry.term = "    " + entry.term;
    }
    if (option.value.kind != ValueKind::none) {
        entry.term += " " + option.value.label + (option.takes_several ? "..." : "");
    } else if (option.may_attach) {
        entry.term += "[=" + option.value.label + "]";
    }
    return entry;
}

bool is_help(const OptionModel& option) noexcept {
    return main_name(option) == "--help";
}

std::vector<Entry> option_entries(const CommandModel& command) {
    std::vector<Entry> entries;
    for (const OptionModel& option : command.options) {
        if (!is_help(option)) {
            entries.push_back(entry_of(option));
        }
    }
    for (const OptionModel& option : command.options) {
        if (is_help(option)) {
            entries.push_back({entry_of(option).term, "Print this and exit"});
        }
    }
    return entries;
}

std::vector<Entry> argument_entries(const CommandModel& command) {
    std::vector<Entry> entries;
    for (const PositionalModel& positional : command.positionals) {
        entries.push_back({positional.value.label + (positional.repeats ? "..." : ""),
                           with_default(positional.summary, positional.value)});
    }
    return entries;
}

/// The commands below, a section for each task.
std::string command_sections(const CommandModel& command) {
    std::string text;
    const auto& below = command.commands;
    for (auto first = below.begin(); first != below.end();) {
        const auto last = std::find_if(
            first, below.end(), [&](const auto& next) { return next.group != first->group; });
        std::vector<Entry> entries;
        std::transform(first, last, std::back_inserter(entries), [](const CommandModel& each) {
            return Entry{std::string(each.name()), each.summary};
        });
        text += section(command.path.empty() ? first->group : "Commands", entries);
        first = last;
    }
    return text;
}

std::string example_section(const CommandModel& command) {
    std::string text;
    for (const Example& example : examples()) {
        if (example.path == command.path) {
            text += fmt::format("  {}\n      {}\n", example.line, wrapped(example.meaning, 6));
        }
    }
    return text.empty() ? "" : "\nExamples:\n" + text;
}

std::string closing(const CommandModel& root, const CommandModel& command) {
    if (&root == &command) {
        return "\n'isinfetch help COMMAND' explains a command; 'man isinfetch' says more.\n";
    }
    std::vector<std::string> names;
    for (const OptionModel& option : root.options) {
        if (!is_help(option) && main_name(option) != "--version") {
            names.push_back(main_name(option));
        }
    }
    return "\n" +
           wrapped(fmt::format("The options of every command ({}) are explained by"
                               " 'isinfetch --help'.",
                               join(names, ", ")),
                   0) +
           "\n";
}

}  // namespace

std::string help_text(const CommandModel& root, const CommandModel& command) {
    return wrapped(command.summary + ".", 0) + "\n\nUsage: " + wrapped(usage_line(command), 7) +
           "\n" + command_sections(command) + section("Arguments", argument_entries(command)) +
           section(&root == &command ? "Options of every command" : "Options",
                   option_entries(command)) +
           example_section(command) + closing(root, command);
}

}  // namespace isinfetch::cli
