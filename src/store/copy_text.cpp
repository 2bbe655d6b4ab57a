#include "store/copy_text.hpp"

#include "util/text.hpp"

#include <algorithm>

namespace isinfetch {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

bool is_sendable(std::string_view text) noexcept {
    const bool is_plain = std::ranges::all_of(text, [](char c) { return c > 0 && c < 0x7F; });
    return is_plain || (text.find('\0') == std::string_view::npos && is_utf8(text));
}

/// What stands behind the backslash for a character that COPY would take for more than text.
char escape_of(char c) noexcept {
    switch (c) {
        case '\t':
            return 't';
        case '\n':
            return 'n';
        case '\r':
            return 'r';
        default:
            return c;
    }
}

void append_text(std::string_view text, std::string& out) {
    for (std::size_t at = text.find_first_of("\\\t\n\r"); at != std::string_view::npos;
         at = text.find_first_of("\\\t\n\r")) {
        out += text.substr(0, at);
        out += '\\';
        out += escape_of(text[at]);
        text.remove_prefix(at + 1);
    }
    out += text;
}

void append_value(const Parameter& value, std::string& out) {
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
        out += std::to_string(*number);
    } else if (const auto* text = std::get_if<std::string_view>(&value)) {
        std::string mended;
        append_text(mend_text(*text, mended) ? mended : *text, out);
    } else {
        out += "\\N";
    }
}

}  // namespace

void append_copy_text(const RowBatch& rows, std::string& out) {
    const std::size_t width = rows.columns.size();
    for (std::size_t i = 0; i < rows.values.size(); ++i) {
        append_value(rows.values[i], out);
        out += (i + 1) % width == 0 ? '\n' : '\t';
    }
}

bool mend_text(std::string_view text, std::string& out) {
    if (is_sendable(text)) {
        return false;
    }
    out.clear();
    while (!text.empty()) {
        const std::size_t length = text.front() == '\0' ? 0 : first_code_point(text).length;
        out += length > 0 ? text.substr(0, length) : kReplacement;
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return true;
}

}  // namespace isinfetch
