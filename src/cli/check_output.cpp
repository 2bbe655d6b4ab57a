#include "cli/check_output.hpp"

#include "core/prefix.hpp"
#include "util/json.hpp"
#include "util/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <sstream>

namespace isinfetch::cli {

namespace {

/// The character at fault, as a person can read it: "O", "\x00", "\u200B".
std::string character_at_fault(const CheckResult& result) {
    const std::string_view rest =
        result.form.substr(std::min(result.inspection.position, result.form.size()));
    const std::size_t length = first_code_point(rest).length;
    return printable(rest.substr(0, std::max<std::size_t>(length, 1)));
}

/// "U+041E"; empty for a byte that is no UTF-8 and at the end of the text.
std::string code_point_at_fault(const CheckResult& result) {
    const auto [value, length] = first_code_point(
        result.form.substr(std::min(result.inspection.position, result.form.size())));
    return length == 0 ? "" : fmt::format("U+{:04X}", static_cast<unsigned>(value));
}

std::string explain_prefix(std::string_view code) {
    const Prefix* prefix = find_prefix(code);
    return prefix == nullptr ? fmt::format("unknown prefix {}", code)
                             : fmt::format("unknown prefix {} ({})", code, prefix->meaning);
}

std::string explain_length(const CheckResult& result, const Identifier& identifier) {
    if (result.given.too_long) {
        return fmt::format("longer than {} bytes", kMaxLine);
    }
    return fmt::format(
        "wrong length: {} characters are no {}", result.form.size(), identifier.noun);
}

std::string explain_character(const CheckResult& result) {
    const std::string code = code_point_at_fault(result);
    const std::string character = character_at_fault(result);
    const std::size_t place = result.inspection.position + 1;
    return code.empty() ? fmt::format("wrong byte {} at {}", character, place)
                        : fmt::format("wrong character '{}' ({}) at {}", character, code, place);
}

/// What is wrong, in words: "wrong check digit 6 at 12, should be 5".
std::string explain(const CheckResult& result, const Identifier& identifier) {
    const Inspection& found = result.inspection;
    switch (found.defect) {
        case Defect::length:
            return explain_length(result, identifier);
        case Defect::character:
            return explain_character(result);
        case Defect::check_digit:
            return fmt::format("wrong check digit {} at {}{}",
                               character_at_fault(result),
                               found.position + 1,
                               found.expected == '\0'
                                   ? std::string()
                                   : fmt::format(", should be {}", found.expected));
        case Defect::unknown_prefix:
            return explain_prefix(result.form.substr(0, 2));
        case Defect::none:
        case Defect::prefix:
        case Defect::unknown:
            break;
    }
    return fmt::format(
        "{}: '{}' at {}", describe(found.defect), character_at_fault(result), found.position + 1);
}

std::vector<std::string> warning_names(const CheckResult& result) {
    std::vector<std::string> names;
    for (const IsinWarningInfo& info : isin_warning_table()) {
        if (result.warnings.has(info.warning)) {
            names.emplace_back(info.name);
        }
    }
    return names;
}

std::string explain(const Suggestion& suggestion) {
    const std::string name = suggestion.name.empty() ? "" : ": " + printable(suggestion.name);
    return fmt::format("{} ({}{})",
                       suggestion.isin,
                       suggestion.slip,
                       suggestion.known ? ", in the store" + name : "");
}

// The text as it was given comes first, so that a line says what it is about.
void text_line(std::string& out, const CheckResult& result, const Identifier& identifier) {
    const std::string shown = printable(result.given.text);
    out += result.given.place();
    out += shown.empty() ? "''" : shown;
    out += result.inspection.good() ? ": valid" : ": " + explain(result, identifier);
    if (result.form != result.given.text) {
        out += fmt::format("; read as {}", printable(result.form));
    }
    for (const IsinWarningInfo& info : isin_warning_table()) {
        if (result.warnings.has(info.warning)) {
            out += fmt::format("; warning: {}", info.summary);
        }
    }
    if (result.note) {
        out += fmt::format(
            "; note: {} at {}", result.note->kind, result.note->inspection.position + 1);
    }
    for (std::size_t i = 0; i < result.suggestions.size(); ++i) {
        out += i == 0 ? "; did you mean " : ", ";
        out += explain(result.suggestions[i]);
    }
    out += '\n';
}

// Columns: text, verdict, defect, position, character, should be, ISIN, warnings, note,
// suggestions.
void tsv_line(std::string& out, const CheckResult& result, const Identifier& /*identifier*/) {
    const bool good = result.inspection.good();
    const char expected = result.inspection.expected;
    std::vector<std::string> suggestions;
    for (const Suggestion& suggestion : result.suggestions) {
        suggestions.push_back(suggestion.isin);
    }
    out += fmt::format("{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\n",
                       printable(result.given.text, kMaxLine),
                       good ? "valid" : "invalid",
                       good ? "" : name(result.inspection.defect),
                       good ? "" : std::to_string(result.inspection.position + 1),
                       good ? "" : character_at_fault(result),
                       expected == '\0' ? std::string() : std::string(1, expected),
                       good ? result.form : "",
                       join(warning_names(result), ","),
                       result.note ? result.note->kind : "",
                       join(suggestions, ","));
}

void write_defect(JsonWriter& json, const CheckResult& result, const Identifier& identifier) {
    const char expected = result.inspection.expected;
    json.field("defect", name(result.inspection.defect));
    json.field("position", static_cast<std::int64_t>(result.inspection.position + 1));
    json.field("character", character_at_fault(result));
    json.field("code_point", code_point_at_fault(result));
    json.field("expected", expected == '\0' ? std::string() : std::string(1, expected));
    json.field("message", explain(result, identifier));
}

void write_suggestions(JsonWriter& json, const std::vector<Suggestion>& suggestions) {
    json.key("suggestions").begin_array();
    for (const Suggestion& suggestion : suggestions) {
        json.begin_object();
        json.field("isin", suggestion.isin);
        json.field("slip", suggestion.slip);
        json.flag("in_store", suggestion.known);
        json.field("name", suggestion.name);
        json.end_object();
    }
    json.end_array();
}

void json_line(std::string& out, const CheckResult& result, const Identifier& identifier) {
    std::ostringstream text;
    JsonWriter json(text);
    json.begin_object();
    json.field("file", result.given.file);
    json.field("line", static_cast<std::int64_t>(result.given.number));
    json.field("byte", static_cast<std::int64_t>(result.given.byte));
    json.key("text").text(result.given.text);
    json.flag("valid", result.inspection.good());
    if (result.inspection.good()) {
        json.field(identifier.name, result.form);
    } else {
        write_defect(json, result, identifier);
    }
    json.key("warnings").begin_array();
    for (const std::string& warning : warning_names(result)) {
        json.text(warning);
    }
    json.end_array();
    json.field("note", result.note ? result.note->kind : "");
    write_suggestions(json, result.suggestions);
    json.end_object();
    out += text.str();
    out += '\n';
}

constexpr std::array kFormats{
    CheckFormat{"text", text_line},
    CheckFormat{"tsv", tsv_line},
    CheckFormat{"json", json_line},
};

}  // namespace

std::span<const CheckFormat> check_formats() noexcept {
    return kFormats;
}

}  // namespace isinfetch::cli
