#include "util/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <numeric>

namespace isinfetch {

namespace {

constexpr bool is_blank(char letter) noexcept {
    return letter == ' ' || (letter >= '\t' && letter <= '\r');  // with \n, \v and \f between
}

constexpr char lower_letter(char letter) noexcept {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

constexpr char upper_letter(char letter) noexcept {
    return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
}

constexpr bool is_digit(char letter) noexcept {
    return letter >= '0' && letter <= '9';
}

std::string mapped(std::string_view text, char (*change)(char) noexcept) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(), change);
    return result;
}

/// Levenshtein distance with transposition of neighbours counted as one.
std::size_t distance(std::string_view from, std::string_view to) {
    std::vector<std::size_t> before_last(to.size() + 1);
    std::vector<std::size_t> last(to.size() + 1);
    std::vector<std::size_t> row(to.size() + 1);
    const auto cost = [&](std::size_t i, std::size_t j) {
        const std::size_t replaced = last[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
        const std::size_t best = std::min({replaced, last[j] + 1, row[j - 1] + 1});
        const bool swapped = i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1];
        return swapped ? std::min(best, before_last[j - 2] + 1) : best;
    };
    std::iota(last.begin(), last.end(), std::size_t{0});
    for (std::size_t i = 1; i <= from.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= to.size(); ++j) {
            row[j] = cost(i, j);
        }
        before_last.swap(last);
        last.swap(row);
    }
    return last[to.size()];
}

/// The characters that begin with one of these bytes: their length, and what the second byte may
/// be. The table of RFC 3629 §4, which knows no overlong forms and no surrogates.
struct Utf8Row {
    unsigned first_from;
    unsigned first_to;
    unsigned second_from;
    unsigned second_to;
    std::size_t length;
};

constexpr std::array kUtf8{
    Utf8Row{0xC2, 0xDF, 0x80, 0xBF, 2},
    Utf8Row{0xE0, 0xE0, 0xA0, 0xBF, 3},
    Utf8Row{0xE1, 0xEC, 0x80, 0xBF, 3},
    Utf8Row{0xED, 0xED, 0x80, 0x9F, 3},
    Utf8Row{0xEE, 0xEF, 0x80, 0xBF, 3},
    Utf8Row{0xF0, 0xF0, 0x90, 0xBF, 4},
    Utf8Row{0xF1, 0xF3, 0x80, 0xBF, 4},
    Utf8Row{0xF4, 0xF4, 0x80, 0x8F, 4},
};

constexpr unsigned byte_at(std::string_view text, std::size_t i) noexcept {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
}

/// The length that the character at the front of `text` must have, as far as its first two bytes,
/// or the first if there is no second, allow one at all; else 0.
std::size_t promised_length(std::string_view text) noexcept {
    const unsigned first = byte_at(text, 0);
    if (first < 0x80) {
        return text.empty() ? 0 : 1;
    }
    const auto* const row = std::find_if(kUtf8.begin(), kUtf8.end(), [&](const Utf8Row& entry) {
        const unsigned second = text.size() > 1 ? byte_at(text, 1) : entry.second_from;
        return first >= entry.first_from && first <= entry.first_to &&
               second >= entry.second_from && second <= entry.second_to;
    });
    return row == kUtf8.end() ? 0 : row->length;
}

bool continues(std::string_view text) noexcept {
    return std::all_of(text.begin(), text.end(), [](char byte) {
        return static_cast<unsigned char>(byte) >> 6U == 2;
    });
}

/// The length of the UTF-8 character that `text` begins with; 0 when it begins with none.
std::size_t character_length(std::string_view text) noexcept {
    const std::size_t length = promised_length(text);
    const bool whole =
        length <= text.size() && (length < 2 || continues(text.substr(1, length - 1)));
    return whole ? length : 0;
}

// Characters that a terminal does not show, or obeys: C1 controls, no-break and wide spaces, zero
// widths, marks of direction, variation selectors, the byte order mark, tags.
struct UnseenRow {
    char32_t first;
    char32_t last;
};

constexpr std::array<UnseenRow, 13> kUnseen{{{0x80, 0xA0},
                                             {0xAD, 0xAD},
                                             {0x61C, 0x61C},
                                             {0x1680, 0x1680},
                                             {0x180E, 0x180E},
                                             {0x2000, 0x200F},
                                             {0x2028, 0x202F},
                                             {0x205F, 0x206F},
                                             {0x3000, 0x3000},
                                             {0xFE00, 0xFE0F},
                                             {0xFEFF, 0xFEFF},
                                             {0xFFF9, 0xFFFB},
                                             {0xE0000, 0xE01EF}}};

bool is_unseen(char32_t character) noexcept {
    return std::any_of(kUnseen.begin(), kUnseen.end(), [&](const UnseenRow& row) {
        return character >= row.first && character <= row.last;
    });
}

bool is_control(char32_t character) noexcept {
    return character < 0x20 || (character >= 0x7F && character < 0xA0);
}

/// Those that turn the line around or end it, and those that nothing shows.
bool is_misleading(char32_t character) noexcept {
    constexpr std::array<UnseenRow, 6> kMisleading{{{0x61C, 0x61C},
                                                    {0x200E, 0x200F},
                                                    {0x2028, 0x202E},
                                                    {0x2066, 0x2069},
                                                    {0xFFF9, 0xFFFB},
                                                    {0xE0000, 0xE007F}}};
    return std::ranges::any_of(kMisleading, [&](const UnseenRow& row) {
        return character >= row.first && character <= row.last;
    });
}

/// Is there a byte that is no printable ASCII? Eight at a time: this is asked of all that is
/// stored.
bool has_special(std::string_view text) noexcept {
    constexpr std::uint64_t kOnes = 0x0101010101010101;
    constexpr std::uint64_t kHighBits = kOnes << 7U;
    const char* at = text.data();
    const char* const end = at + text.size();
    for (; end - at >= 8; at += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, at, sizeof word);
        const std::uint64_t is_del = ((word ^ kOnes * 0x7F) - kOnes) & kHighBits;
        if (((word | (word - kOnes * 0x20)) & kHighBits) != 0 || is_del != 0) {
            return true;
        }
    }
    return std::any_of(at, end, [](char letter) { return letter < 0x20 || letter == 0x7F; });
}

/// The next character that matters for same_but_for_looks(): runs of blanks are one space.
char next_letter(std::string_view& text) noexcept {
    const char letter = lower_letter(text.front());
    text.remove_prefix(1);
    if (!is_blank(letter)) {
        return letter;
    }
    while (!text.empty() && is_blank(text.front())) {
        text.remove_prefix(1);
    }
    return ' ';
}

}  // namespace

std::string_view trim(std::string_view text) noexcept {
    while (!text.empty() && is_blank(text.front())) {
        text.remove_prefix(1);
    }
    while (!text.empty() && is_blank(text.back())) {
        text.remove_suffix(1);
    }
    return text;
}

std::string lower(std::string_view text) {
    return mapped(text, lower_letter);
}

std::string upper(std::string_view text) {
    return mapped(text, upper_letter);
}

std::string_view trim_unseen(std::string_view text) noexcept {
    text = trim(text);
    while (!text.empty() && byte_at(text, 0) >= 0x80) {
        const auto [value, length] = first_code_point(text);
        if (length == 0 || !is_unseen(value)) {
            break;
        }
        text = trim(text.substr(length));
    }
    while (!text.empty() && byte_at(text, text.size() - 1) >= 0x80) {
        std::size_t start = text.size() - 1;
        while (start > 0 && continues(text.substr(start, 1))) {
            --start;
        }
        const auto [value, length] = first_code_point(text.substr(start));
        if (start + length != text.size() || !is_unseen(value)) {
            break;
        }
        text = trim(text.substr(0, start));
    }
    return text;
}

std::string plain_name(std::string_view text) {
    std::string result;
    while (!text.empty()) {
        const char small = lower_letter(text.front());
        const bool is_ascii = static_cast<unsigned char>(small) < 0x80;
        const CodePoint character = is_ascii ? CodePoint{} : first_code_point(text);
        const std::size_t length = std::max<std::size_t>(character.length, 1);
        const bool kept = is_ascii ? (small >= 'a' && small <= 'z') || is_digit(small)
                                   : !is_unseen(character.value);
        if (kept && is_ascii) {
            result += small;
        } else if (kept) {
            result += text.substr(0, length);
        }
        text.remove_prefix(length);
    }
    return result;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    while (true) {
        const std::size_t end = text.find(separator);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos) {
            return parts;
        }
        text.remove_prefix(end + 1);
    }
}

std::string counted(std::uint64_t count, std::string_view noun) {
    return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
    return fmt::format("{}", fmt::join(parts, separator));
}

std::optional<std::string> closest(std::string_view word,
                                   const std::vector<std::string>& candidates) {
    std::optional<std::string> best;
    std::size_t best_distance = 1 + std::max<std::size_t>(1, word.size() / 3);
    for (const std::string& candidate : candidates) {
        const std::size_t candidate_distance = distance(lower(word), lower(candidate));
        if (candidate_distance < best_distance) {
            best = candidate;
            best_distance = candidate_distance;
        }
    }
    return best;
}

CodePoint first_code_point(std::string_view text) noexcept {
    const std::size_t length = character_length(text);
    if (length == 0) {
        return {};
    }
    constexpr std::array<unsigned, 5> kBitsOfFirst{0, 0x7F, 0x1F, 0x0F, 0x07};
    char32_t value = byte_at(text, 0) & kBitsOfFirst.at(length);
    for (std::size_t i = 1; i < length; ++i) {
        value = value << 6U | (byte_at(text, i) & 0x3FU);
    }
    return {value, length};
}

std::string printable(std::string_view text, std::size_t limit) {
    std::string result;
    while (!text.empty()) {
        if (result.size() >= limit) {
            return result + "…";
        }
        const auto [value, length] = first_code_point(text);
        const bool control = value < 0x20 || value == 0x7F;
        if (length == 0 || control) {
            result += fmt::format("\\x{:02X}", byte_at(text, 0));
        } else if (is_unseen(value)) {
            result += fmt::format("\\u{:04X}", static_cast<unsigned>(value));
        } else {
            result += text.substr(0, length);
        }
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return result;
}

std::string one_line(std::string_view text) {
    if (!has_special(text)) {
        return std::string(text);
    }
    std::string result;
    while (!text.empty()) {
        const auto [value, length] = first_code_point(text);
        if (length == 0 || is_control(value) || is_misleading(value)) {
            result += printable(text.substr(0, std::max<std::size_t>(length, 1)));
        } else {
            result += text.substr(0, length);
        }
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return result;
}

bool has_control(std::string_view text) noexcept {
    while (has_special(text)) {
        const auto [value, length] = first_code_point(text);
        if (length > 0 && is_control(value)) {
            return true;
        }
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return false;
}

bool is_utf8(std::string_view text) noexcept {
    while (!text.empty()) {
        const std::size_t length = character_length(text);
        if (length == 0) {
            return false;
        }
        text.remove_prefix(length);
    }
    return true;
}

std::size_t unfinished_utf8(std::string_view text) noexcept {
    for (std::size_t length = 1; length <= std::min<std::size_t>(3, text.size()); ++length) {
        const std::string_view end = text.substr(text.size() - length);
        if (promised_length(end) > length && continues(end.substr(1))) {
            return length;
        }
    }
    return 0;
}

bool same_but_for_looks(std::string_view left, std::string_view right) noexcept {
    left = trim(left);
    right = trim(right);
    while (!left.empty() && !right.empty()) {
        if (next_letter(left) != next_letter(right)) {
            return false;
        }
    }
    return left.empty() && right.empty();
}

}  // namespace isinfetch
