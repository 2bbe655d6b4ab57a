#include "cli/completion_model.hpp"

#include "cli/command.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace isinfetch::cli {

namespace {

// What the words that --help writes for values stand for. Any other word is a text.
constexpr std::array<std::pair<std::string_view, ValueKind>, 5> kLabels{{
    {"FILE", ValueKind::file},
    {"DIR", ValueKind::directory},
    {"SOURCE", ValueKind::source},
    {"SUBJECT", ValueKind::source},  // or an ISIN, but there are too many of those
    {"KEY=VALUE", ValueKind::setting},
}};

ValueKind kind_of(std::string_view label) noexcept {
    for (const auto& [known, kind] : kLabels) {
        if (label == known) {
            return kind;
        }
    }
    return ValueKind::text;
}

CLI::Validator* validator_at(CLI::Option& option, int index) {
    try {
        return option.get_validator(index);
    } catch (const CLI::OptionNotFound&) {
        return nullptr;  // past the last one: CLI11 does not say how many there are
    }
}

std::vector<std::string> choices_of(CLI::Option& option) {
    for (int i = 0; CLI::Validator* validator = validator_at(option, i); ++i) {
        if (auto words = choices_in(validator->get_name()); !words.empty()) {
            return words;
        }
    }
    return {};
}

ValueModel value_of(CLI::Option& option) {
    if (option.get_items_expected_min() == 0) {
        return {};
    }
    ValueModel value{.label = option.get_type_name(), .choices = choices_of(option)};
    if (option.get_positional()) {
        value.label = option.get_name(true);
    }
    value.kind = value.choices.empty() ? kind_of(value.label) : ValueKind::choice;
    return value;
}

bool can_repeat(const CLI::Option& option) {
    return option.get_items_expected_max() > 1;
}

OptionModel describe_option(CLI::Option& option) {
    OptionModel model{.summary = option.get_description(), .value = value_of(option)};
    for (const std::string& name : option.get_snames()) {
        model.names.push_back("-" + name);
    }
    for (const std::string& name : option.get_lnames()) {
        model.names.push_back("--" + name);
    }
    // Of a flag, CLI11 says by its policy whether more than one is more than one.
    const bool is_flag = model.value.kind == ValueKind::none;
    model.repeats = is_flag ? option.get_multi_option_policy() != CLI::MultiOptionPolicy::TakeLast
                            : can_repeat(option);
    return model;
}

CommandModel describe(CLI::App& app, const std::string& path) {
    CommandModel model{.path = path, .summary = app.get_description()};
    for (CLI::Option* option : app.get_options()) {
        if (option->get_group().empty()) {
            continue;
        }
        if (option->nonpositional()) {
            model.options.push_back(describe_option(*option));
        } else {
            model.positionals.push_back({value_of(*option), can_repeat(*option)});
        }
    }
    for (CLI::App* command : app.get_subcommands(std::function<bool(CLI::App*)>())) {
        if (!command->get_group().empty()) {
            const std::string separator = path.empty() ? "" : " ";
            model.commands.push_back(describe(*command, path + separator + command->get_name()));
        }
    }
    return model;
}

}  // namespace

CommandModel describe_commands(CLI::App& app) {
    return describe(app, "");
}

}  // namespace isinfetch::cli
