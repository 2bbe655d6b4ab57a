#include "cli/completion_model.hpp"

#include "cli/command.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <array>
#include <tuple>
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

/// Calls `take(name)` for each validator that has one.
template <class Take>
void for_each_validator(CLI::Option& option, Take take) {
    for (int i = 0; const CLI::Validator* validator = validator_at(option, i); ++i) {
        take(validator->get_name());
    }
}

ValueModel value_of(CLI::Option& option) {
    ValueModel value{.label = option.get_type_name(), .fallback = option.get_default_str()};
    if (option.get_positional()) {
        value.label = option.get_name(true);
    }
    for_each_validator(option, [&](const std::string& name) {
        if (auto words = choices_in(name); !words.empty()) {
            value.choices = std::move(words);
        } else if (const auto bounds = bounds_in(name)) {
            std::tie(value.least, value.most) = *bounds;
        }
    });
    if (option.get_items_expected_min() > 0) {
        value.kind = value.choices.empty() ? kind_of(value.label) : ValueKind::choice;
    }
    return value;
}

bool can_repeat(const CLI::Option& option) {
    return option.get_items_expected_max() > 1;
}

/// What an option cannot stand beside: other options, and arguments by their label.
std::vector<std::string> excluded_by(const CLI::Option& option) {
    std::vector<std::string> names;
    for (const CLI::Option* other : option.get_excludes()) {
        names.push_back(other->get_name(other->get_positional()));
    }
    return names;
}

OptionModel describe_option(CLI::Option& option) {
    OptionModel model{.summary = option.get_description(), .value = value_of(option)};
    for (const std::string& name : option.get_snames()) {
        model.names.push_back("-" + name);
    }
    for (const std::string& name : option.get_lnames()) {
        model.names.push_back("--" + name);
    }
    const bool is_flag = model.value.kind == ValueKind::none;
    model.required = option.get_required();
    model.takes_several = !is_flag && can_repeat(option) && option.get_allow_extra_args();
    model.may_attach = is_flag && option.get_items_expected_max() > 0;
    model.excludes = excluded_by(option);
    // Of a flag, CLI11 says by its policy whether more than one is more than one.
    model.repeats = is_flag && !model.may_attach
                        ? option.get_multi_option_policy() != CLI::MultiOptionPolicy::TakeLast
                        : can_repeat(option);
    return model;
}

PositionalModel describe_positional(CLI::Option& option) {
    return {.value = value_of(option),
            .repeats = can_repeat(option),
            .required = option.get_required(),
            .summary = option.get_description()};
}

enum class Hidden { left_out, kept };

CommandModel describe(CLI::App& app, const std::string& path, Hidden hidden) {
    CommandModel model{.path = path,
                       .summary = app.get_description(),
                       .group = app.get_group(),
                       .needs_command = app.get_require_subcommand_min() > 0,
                       .is_hidden = app.get_group().empty()};
    for (CLI::Option* option : app.get_options()) {
        if (option->get_group().empty() && hidden == Hidden::left_out) {
            continue;
        }
        if (option->nonpositional()) {
            model.options.push_back(describe_option(*option));
        } else {
            model.positionals.push_back(describe_positional(*option));
        }
    }
    for (CLI::App* command : app.get_subcommands(std::function<bool(CLI::App*)>())) {
        if (!command->get_group().empty() || hidden == Hidden::kept) {
            const std::string separator = path.empty() ? "" : " ";
            model.commands.push_back(
                describe(*command, path + separator + command->get_name(), hidden));
        }
    }
    return model;
}

/// An argument that names commands completes to these.
void offer(const std::vector<std::string>& names, std::vector<PositionalModel>& arguments) {
    for (PositionalModel& argument : arguments) {
        if (argument.value.label == "COMMAND") {
            argument.value.kind = ValueKind::choice;
            argument.value.choices = names;
        }
    }
}

/// Arguments that name commands ('help') complete to those that are shown.
void offer_commands(CommandModel& root) {
    std::vector<std::string> names;
    for (const CommandModel& command : root.commands) {
        names.emplace_back(command.name());
    }
    for (CommandModel& command : root.commands) {
        offer(names, command.positionals);
    }
}

}  // namespace

CommandModel describe_commands(CLI::App& app) {
    CommandModel root = describe(app, "", Hidden::left_out);
    offer_commands(root);
    return root;
}

CommandModel describe_all(CLI::App& app) {
    return describe(app, "", Hidden::kept);
}

}  // namespace isinfetch::cli
