#include "cli/command.hpp"

#include "util/text.hpp"

#include <fmt/format.h>

namespace isinfetch::cli {

namespace {

const std::map<std::string, OutputFormat> kOutputFormats{
    {"text", OutputFormat::text}, {"json", OutputFormat::json}, {"none", OutputFormat::none}};

// CLI11 keeps a validator's name and shows it to nobody: the one place for what completion needs.
constexpr std::string_view kChoiceMark = "one of ";
constexpr std::string_view kNumberMark = "from ";

std::string name_of_choices(const std::vector<std::string>& words) {
    return std::string(kChoiceMark) + join(words, " ");
}

CLI::Validator mark(const std::string& name) {
    return {[](std::string&) { return std::string(); }, "", name};
}

}  // namespace

std::string_view program_version() noexcept {
    return "isinfetch " ISINFETCH_VERSION;
}

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
        ->default_str(with_none ? "text on a terminal, else none" : "text")
        ->transform(CLI::CheckedTransformer(choices).description("").name(name_of_choices(words)));
}

CLI::Validator one_of(const std::vector<std::string>& words) {
    return mark(name_of_choices(words));
}

std::vector<std::string> choices_in(std::string_view validator_name) {
    if (!validator_name.starts_with(kChoiceMark)) {
        return {};
    }
    const auto words = split(validator_name.substr(kChoiceMark.size()), ' ');
    return {words.begin(), words.end()};
}

CLI::Validator whole_number(std::int64_t least, std::int64_t most) {
    return mark(fmt::format("{}{} {}", kNumberMark, least, most));
}

std::optional<std::pair<std::int64_t, std::int64_t>> bounds_in(std::string_view validator_name) {
    if (!validator_name.starts_with(kNumberMark)) {
        return std::nullopt;
    }
    const auto bounds = split(validator_name.substr(kNumberMark.size()), ' ');
    return std::pair(std::stoll(std::string(bounds.front())),
                     std::stoll(std::string(bounds.back())));
}

}  // namespace isinfetch::cli
