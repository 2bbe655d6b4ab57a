#include "config/yaml_mistake.hpp"

#include "config/yaml_scan.hpp"
#include "util/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

namespace isinfetch {

namespace {

using Lines = std::vector<std::string_view>;

struct Place {
    const Lines& lines;
    std::size_t line = 0;
    std::size_t column = 0;
    const YamlScan& scan;

    std::string_view text() const { return line < lines.size() ? lines[line] : ""; }
    std::string_view before() const { return text().substr(0, std::min(column, text().size())); }
    std::string_view after() const { return text().substr(std::min(column, text().size())); }
};

std::size_t indent_of(std::string_view line) noexcept {
    return std::min(line.find_first_not_of(" \t"), line.size());
}

bool is_indented_by_tab(std::string_view line) noexcept {
    return line.substr(0, indent_of(line)).find('\t') != std::string_view::npos;
}

/// The text of a line without indentation and remark.
std::string_view content(std::string_view line) noexcept {
    const std::string_view text = trim(line);
    return text.starts_with('#') ? "" : trim(text.substr(0, text.find(" #")));
}

/// The nearest line above that says something.
std::optional<std::size_t> line_above(const Place& place) {
    for (std::size_t line = std::min(place.line, place.lines.size()); line-- > 0;) {
        if (!content(place.lines[line]).empty()) {
            return line;
        }
    }
    return std::nullopt;
}

bool has_key(std::string_view text) noexcept {
    return text.find(": ") != std::string_view::npos || text.ends_with(':');
}

std::string quoted(std::string_view text) {
    const bool has_quote = text.find('"') != std::string_view::npos;
    return has_quote ? fmt::format("'{}'", printable(text))
                     : fmt::format("\"{}\"", printable(text));
}

std::optional<YamlMistake> find_tab(const Place& place) {
    if (is_indented_by_tab(place.text())) {
        return YamlMistake{place.line, "a tab indents this line: use blanks"};
    }
    const auto above = line_above(place);
    if (above && is_indented_by_tab(place.lines[*above])) {
        return YamlMistake{*above, "a tab indents this line: use blanks"};
    }
    return std::nullopt;
}

/// `'it's'`, or a quote that was meant to end some lines earlier.
std::optional<YamlMistake> find_early_end(const Place& place) {
    const std::size_t end = place.before().find_last_not_of(" \t") + 1;
    for (const YamlQuoted& one : place.scan.quoted) {
        if (one.end_line != place.line || one.end_column != end) {
            continue;
        }
        if (one.begin_line != place.line) {
            return YamlMistake{
                one.begin_line,
                fmt::format("the quote that begins here ends only in line {}: one is missing",
                            one.end_line + 1)};
        }
        return YamlMistake{place.line,
                           "text follows the closing quote: a quote inside '…' is written '', one "
                           "inside \"…\" \\\""};
    }
    return std::nullopt;
}

/// A line that was meant as "key: value".
std::optional<YamlMistake> find_keyless(const Place& place, std::size_t line) {
    const std::string_view text = content(place.lines[line]);
    if (has_key(text) || text.starts_with("- ")) {
        return std::nullopt;
    }
    const std::size_t colon = text.find(':');
    if (colon != std::string_view::npos && colon != 0) {
        return YamlMistake{line,
                           fmt::format("a blank is missing behind the colon: write '{}: {}'",
                                       printable(text.substr(0, colon)),
                                       printable(trim(text.substr(colon + 1))))};
    }
    return YamlMistake{line,
                       fmt::format("'{}' is no 'key: value': a colon is missing", printable(text))};
}

YamlMistake explain_map_value(const Place& place) {
    if (const auto tab = find_tab(place)) {
        return *tab;
    }
    const std::string_view before = place.before();
    if (const std::size_t colon = before.find(": "); colon != std::string_view::npos) {
        return {place.line,
                fmt::format("': ' inside a text needs quotes: write {}: {}",
                            printable(trim(before.substr(0, colon))),
                            quoted(trim(place.text().substr(colon + 1))))};
    }
    const auto above = line_above(place);
    if (above) {
        if (const auto keyless = find_keyless(place, *above)) {
            return *keyless;
        }
        if (indent_of(place.text()) > indent_of(place.lines[*above])) {
            return {place.line,
                    fmt::format("this line is indented below line {}, which has its value already: "
                                "begin both in the same column",
                                *above + 1)};
        }
    }
    return {place.line, "a key cannot stand here: keys of one level begin in the same column"};
}

YamlMistake explain_end_of_block(const Place& place) {
    if (const auto tab = find_tab(place)) {
        return *tab;
    }
    if (const auto early = find_early_end(place)) {
        return *early;
    }
    const std::string_view text = trim(place.text());
    if (text.starts_with('-') && !text.starts_with("- ")) {
        return {
            place.line,
            fmt::format("a blank is missing behind '-': write '- {}'", printable(text.substr(1)))};
    }
    return {place.line,
            "this line is indented like no line above it: keys of one level begin in the same "
            "column"};
}

YamlMistake explain_open_bracket(const Place& place) {
    const auto& open = place.scan.open_brackets;
    if (open.empty()) {
        return {place.line, "inside {…} and […] a text with ': ' or ',' needs quotes"};
    }
    for (const YamlRemark& remark : place.scan.remarks) {
        if (remark.line >= open.front().line && remark.word.size() > 1) {
            return {remark.line,
                    fmt::format("'#' begins a comment here: write \"{}\"", printable(remark.word))};
        }
    }
    const YamlMark& bracket = open.front();
    return {
        bracket.line,
        fmt::format(
            "'{}' is not closed: '{}' is missing", bracket.sign, bracket.sign == '{' ? '}' : ']')};
}

YamlMistake explain_open_quote(const Place& place) {
    const auto& open = place.scan.open_quote;
    if (!open) {
        return {place.line, "a text in quotes is not closed"};
    }
    return {open->line, fmt::format("the quote ({}) that begins here is not closed", open->sign)};
}

YamlMistake explain_document_mark(const Place& place) {
    YamlMistake mistake{place.line, "a text in quotes is not closed before this line"};
    for (const YamlQuoted& one : place.scan.quoted) {
        if (one.begin_line < place.line && place.line <= one.end_line) {
            mistake.line = one.begin_line;
            mistake.text = "the quote that begins here is not closed before '---' or '...'";
        }
    }
    return mistake;
}

YamlMistake explain_flow_end(const Place& place) {
    const std::string sign(place.after().substr(0, 1));
    if (place.scan.wrong_end) {
        return {place.line,
                fmt::format("'{}' closes the '{}' of line {}",
                            sign,
                            place.scan.wrong_end->sign,
                            place.scan.wrong_end->line + 1)};
    }
    return {place.line,
            fmt::format("'{}' closes nothing: a text that begins with it needs quotes", sign)};
}

/// Where the word begins that yaml-cpp complains about: of some complaints the place is behind the
/// indicator.
std::size_t begin_of_word(std::string_view line, std::size_t column) noexcept {
    constexpr std::string_view kIndicators = "*&!@`%";
    const auto is_begin = [&](std::size_t at) {
        return at < line.size() && kIndicators.find(line[at]) != std::string_view::npos;
    };
    std::size_t begin = std::min(column, line.size());
    while (begin > 0 && !is_begin(begin) && line[begin - 1] != ' ') {
        --begin;
    }
    return begin;
}

YamlMistake explain_first_letter(const Place& place) {
    const std::string_view rest = place.text().substr(begin_of_word(place.text(), place.column));
    const bool in_flow = place.before().find_first_of("[{") != std::string_view::npos;
    const std::string_view word = trim(rest.substr(0, rest.find_first_of(in_flow ? ",]}" : "#")));
    if (word.empty()) {
        return {place.line, "a text that begins like this needs quotes"};
    }
    return {place.line,
            fmt::format(
                "a text that begins with '{}' needs quotes: write {}", word.front(), quoted(word))};
}

YamlMistake explain_list_item(const Place& place) {
    return {place.line,
            "'- ' begins an item of a list, which needs a line of its own: or write [a, b]"};
}

YamlMistake explain_key_sign(const Place& place) {
    return {place.line, "a text that begins with '? ' needs quotes"};
}

YamlMistake explain_escape(const Place& place) {
    return {place.line,
            "inside \"…\" a '\\' begins an escape: write '\\\\', or put the text in '…'"};
}

YamlMistake explain_block_text(const Place& place) {
    return {place.line,
            "behind '|' and '>' the line ends and the text follows, indented: a text that begins "
            "with them needs quotes"};
}

YamlMistake explain_directive(const Place& place) {
    return {place.line, "a line that begins with '%' is none of a configuration"};
}

struct Explanation {
    std::string_view begins;  ///< of yaml-cpp's message
    YamlMistake (*explain)(const Place& place);
};

// All that the scanner and the parser of yaml-cpp 0.7 can say: exceptions.h, ErrorMsg.
constexpr std::array<Explanation, 32> kExplanations{{
    {"illegal map value", explain_map_value},
    {"illegal tab when looking for indentation", explain_end_of_block},
    {"end of map not found", explain_end_of_block},
    {"end of sequence not found", explain_end_of_block},
    {"end of map flow not found", explain_open_bracket},
    {"end of sequence flow not found", explain_open_bracket},
    {"illegal EOF in scalar", explain_open_quote},
    {"illegal document indicator in scalar", explain_document_mark},
    {"illegal flow end", explain_flow_end},
    {"illegal block entry", explain_list_item},
    {"illegal map key", explain_key_sign},
    {"illegal character in scalar", explain_first_letter},
    {"unknown token", explain_first_letter},
    {"the referenced anchor is not defined", explain_first_letter},
    {"alias not found after *", explain_first_letter},
    {"anchor not found after &", explain_first_letter},
    {"illegal character found while scanning", explain_first_letter},
    {"tag handle with no suffix", explain_first_letter},
    {"end of verbatim tag not found", explain_first_letter},
    {"cannot assign multiple tags", explain_first_letter},
    {"cannot assign multiple anchors", explain_first_letter},
    {"cannot assign multiple aliases", explain_first_letter},
    {"aliases can't have any content", explain_first_letter},
    {"unknown escape character", explain_escape},
    {"bad character found while scanning hex number", explain_escape},
    {"invalid unicode", explain_escape},
    {"cannot set zero indentation for a block scalar", explain_block_text},
    {"unexpected character in block scalar", explain_block_text},
    {"YAML ", explain_directive},
    {"TAG ", explain_directive},
    {"repeated ", explain_directive},
    {"bad YAML version", explain_directive},
}};

}  // namespace

YamlMistake explain_yaml(std::string_view text, const YamlComplaint& complaint) {
    const Lines lines = split(text, '\n');
    const YamlScan scan = scan_yaml(text);
    const Place place{
        .lines = lines, .line = complaint.line, .column = complaint.column, .scan = scan};
    for (const Explanation& row : kExplanations) {
        if (complaint.message.starts_with(row.begins)) {
            return row.explain(place);
        }
    }
    return {complaint.line, fmt::format("no YAML: {}", complaint.message)};
}

}  // namespace isinfetch
