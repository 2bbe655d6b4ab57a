#include "util/entities.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>

namespace isinfetch {

namespace {

/// Of U+00A0 to U+00FF, in their order.
constexpr std::array<std::string_view, 96> kLatin{
    "nbsp",   "iexcl",  "cent",   "pound",  "curren", "yen",    "brvbar", "sect",   "uml",
    "copy",   "ordf",   "laquo",  "not",    "shy",    "reg",    "macr",   "deg",    "plusmn",
    "sup2",   "sup3",   "acute",  "micro",  "para",   "middot", "cedil",  "sup1",   "ordm",
    "raquo",  "frac14", "frac12", "frac34", "iquest", "Agrave", "Aacute", "Acirc",  "Atilde",
    "Auml",   "Aring",  "AElig",  "Ccedil", "Egrave", "Eacute", "Ecirc",  "Euml",   "Igrave",
    "Iacute", "Icirc",  "Iuml",   "ETH",    "Ntilde", "Ograve", "Oacute", "Ocirc",  "Otilde",
    "Ouml",   "times",  "Oslash", "Ugrave", "Uacute", "Ucirc",  "Uuml",   "Yacute", "THORN",
    "szlig",  "agrave", "aacute", "acirc",  "atilde", "auml",   "aring",  "aelig",  "ccedil",
    "egrave", "eacute", "ecirc",  "euml",   "igrave", "iacute", "icirc",  "iuml",   "eth",
    "ntilde", "ograve", "oacute", "ocirc",  "otilde", "ouml",   "divide", "oslash", "ugrave",
    "uacute", "ucirc",  "uuml",   "yacute", "thorn",  "yuml"};

struct Name {
    std::string_view name;
    char32_t value;
};

constexpr std::array kOthers{
    Name{"amp", U'&'},
    Name{"lt", U'<'},
    Name{"gt", U'>'},
    Name{"quot", U'"'},
    Name{"apos", U'\''},
    Name{"ndash", U'\u2013'},
    Name{"mdash", U'\u2014'},
    Name{"lsquo", U'\u2018'},
    Name{"rsquo", U'\u2019'},
    Name{"ldquo", U'\u201C'},
    Name{"rdquo", U'\u201D'},
    Name{"bull", U'\u2022'},
    Name{"hellip", U'\u2026'},
    Name{"euro", U'\u20AC'},
    Name{"trade", U'\u2122'},
};

std::optional<char32_t> named(std::string_view name) noexcept {
    const auto* const other = std::find_if(
        kOthers.begin(), kOthers.end(), [&](const Name& each) { return each.name == name; });
    if (other != kOthers.end()) {
        return other->value;
    }
    constexpr char32_t kFirst = 0xA0;
    const auto* const latin = std::find(kLatin.begin(), kLatin.end(), name);
    return latin == kLatin.end()
               ? std::nullopt
               : std::optional(kFirst + static_cast<char32_t>(latin - kLatin.begin()));
}

/// Of "#233" or "#xE9". No controls but blanks, no surrogates.
std::optional<char32_t> numbered(std::string_view text) noexcept {
    text.remove_prefix(1);
    const bool is_hex = text.starts_with('x') || text.starts_with('X');
    text.remove_prefix(is_hex ? 1 : 0);
    std::uint32_t value = 0;
    const char* end = text.data() + text.size();
    const auto [stop, failure] = std::from_chars(text.data(), end, value, is_hex ? 16 : 10);
    const bool is_character = value == '\t' || value == '\n' || value == '\r' ||
                              (value >= 0x20 && value != 0x7F && (value < 0x80 || value >= 0xA0) &&
                               (value < 0xD800 || value > 0xDFFF) && value <= 0x10FFFF);
    return failure == std::errc{} && stop == end && is_character ? std::optional<char32_t>(value)
                                                                 : std::nullopt;
}

void append(std::string& text, char32_t value) {
    const auto tail = [&](unsigned shift) {
        text += static_cast<char>(0x80U | ((value >> shift) & 0x3FU));
    };
    if (value < 0x80) {
        text += static_cast<char>(value);
    } else if (value < 0x800) {
        text += static_cast<char>(0xC0U | (value >> 6U));
        tail(0);
    } else if (value < 0x10000) {
        text += static_cast<char>(0xE0U | (value >> 12U));
        tail(6);
        tail(0);
    } else {
        text += static_cast<char>(0xF0U | (value >> 18U));
        tail(12);
        tail(6);
        tail(0);
    }
}

}  // namespace

std::string decode_entities(std::string_view text) {
    constexpr std::size_t kLongest = 10;
    std::string result;
    while (!text.empty()) {
        const std::size_t mark = std::min(text.find('&'), text.size());
        result += text.substr(0, mark);
        text.remove_prefix(mark);
        const std::size_t end = text.substr(0, kLongest).find(';');
        if (text.empty() || end == std::string_view::npos || end < 2) {
            result += text.substr(0, 1);
            text.remove_prefix(std::min<std::size_t>(text.size(), 1));
            continue;
        }
        const std::string_view name = text.substr(1, end - 1);
        const auto value = name.starts_with('#') ? numbered(name) : named(name);
        if (value) {
            append(result, *value);
        } else {
            result += text.substr(0, end + 1);
        }
        text.remove_prefix(end + 1);
    }
    return result;
}

}  // namespace isinfetch
