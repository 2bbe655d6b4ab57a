#include "cli/command.hpp"

#include "util/text.hpp"

namespace isinfetch::cli {

namespace {

const std::map<std::string, OutputFormat> kOutputFormats{
    {"text", OutputFormat::text}, {"json", OutputFormat::json}, {"none", OutputFormat::none}};

// CLI11 keeps a validator's name and shows it to nobody: the one place for what completion needs.
constexpr std::string_view kChoiceMark = "one of ";

std::string name_of_choices(const std::vector<std::string>& words) {
    return std::string(kChoiceMark) + join(words, " ");
}

}  // namespace

void add_output_format(CLI::App& command, OutputFormat& format, bool with_none) {
    auto choices = kOutputFormats;
    std::vector<std::string> words{"text", "json"};
    if (with_none) {
        words.emplace_back("none");
    } else {
        choices.erase("none");
    }
    command
        .add_option("-o,--output-format",
                    format,
                    with_none ? "How to print the result: text, json or none"
                              : "How to print the result: text or json")
        ->type_name("FORMAT")
        ->transform(CLI::CheckedTransformer(choices).description("").name(name_of_choices(words)));
}

CLI::Validator one_of(const std::vector<std::string>& words) {
    return CLI::IsMember(words).description("").name(name_of_choices(words));
}

std::vector<std::string> choices_in(std::string_view validator_name) {
    if (!validator_name.starts_with(kChoiceMark)) {
        return {};
    }
    const auto words = split(validator_name.substr(kChoiceMark.size()), ' ');
    return {words.begin(), words.end()};
}

CLI::Validator duration_check() {
    const auto complaint = [](std::string& text) {
        return parse_duration(text) ? std::string()
                                    : "'" + text + "' is not a duration such as 30s, 5m or 7d";
    };
    return {complaint, "DURATION"};
}

}  // namespace isinfetch::cli
