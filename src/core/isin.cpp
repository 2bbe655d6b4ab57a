#include "core/isin.hpp"

#include "core/isin_weights.hpp"

#include <algorithm>

namespace isinfetch {

namespace {

constexpr std::uint64_t kBase = 36;

// They pass every check. NOISINFOUND9: ESMA's sign for "no underlying"; QQ0097589790: that of one
// bank. Both were seen in FIRDS files.
constexpr std::array kPlaceholders{std::string_view{"NOISINFOUND9"},
                                   std::string_view{"QQ0097589790"}};

constexpr std::string_view kNoBreakSpace = "\xC2\xA0";

constexpr bool is_letter(char character) noexcept {
    return character >= 'A' && character <= 'Z';
}

constexpr bool is_digit(char character) noexcept {
    return character >= '0' && character <= '9';
}

constexpr bool in_alphabet(char character) noexcept {
    return is_letter(character) || is_digit(character);
}

constexpr unsigned value_of(char character) noexcept {
    return static_cast<unsigned>(is_digit(character) ? character - '0' : character - 'A' + 10);
}

constexpr char character_of(std::uint64_t value) noexcept {
    return static_cast<char>(value < 10 ? '0' + value : 'A' + (value - 10));
}

/// The digit that brings the sum of the other eleven to a multiple of ten.
/// REQUIRES: eleven characters of [A-Z0-9].
char right_digit(std::string_view first_eleven) noexcept {
    unsigned sum = 0;
    unsigned doubling = 1;  // the last of the eleven is doubled
    for (std::size_t i = first_eleven.size(); i-- > 0;) {
        const IsinWeight weight = isin_weight(first_eleven[i]);
        sum += weight.sum[doubling];
        doubling ^= weight.is_digit;
    }
    return static_cast<char>('0' + (10 - sum % 10) % 10);
}

/// The place of the first character that no ISIN has there; the size when there is none.
std::size_t wrong_character(std::string_view text) noexcept {
    const auto* found = std::find_if_not(text.begin(), text.end(), in_alphabet);
    const auto place = static_cast<std::size_t>(found - text.begin());
    const bool letter_at_end =
        place == Isin::kLength && text.size() == Isin::kLength && !is_digit(text.back());
    return letter_at_end ? Isin::kLength - 1 : place;
}

Inspection inspect_in_detail(std::string_view text) noexcept {
    if (text.size() < Isin::kLength) {
        return {Defect::length, text.size()};
    }
    if (const std::size_t place = wrong_character(text); place < text.size()) {
        return {Defect::character, place};
    }
    if (text.size() > Isin::kLength) {
        return {Defect::length, Isin::kLength};
    }
    if (!is_letter(text[0]) || !is_letter(text[1])) {
        return {Defect::prefix, is_letter(text[0]) ? std::size_t{1} : std::size_t{0}};
    }
    return {Defect::check_digit, Isin::kLength - 1, right_digit(text.substr(0, 11))};
}

}  // namespace

Inspection Isin::inspect(std::string_view text) noexcept {
    return text.size() == kLength && has_isin_form(text.data()) ? Inspection{}
                                                                : inspect_in_detail(text);
}

std::optional<Isin> Isin::parse(std::string_view text) noexcept {
    if (!inspect(text).good()) {
        return std::nullopt;
    }
    return Isin(text);
}

std::uint64_t Isin::packed() const noexcept {
    std::uint64_t number = 0;
    for (const char character : text_) {
        number = number * kBase + value_of(character);
    }
    return number;
}

std::optional<Isin> Isin::unpack(std::uint64_t packed) noexcept {
    std::array<char, kLength> text{};
    for (std::size_t i = kLength; i-- > 0; packed /= kBase) {
        text[i] = character_of(packed % kBase);
    }
    return packed == 0 ? parse({text.data(), text.size()}) : std::nullopt;
}

std::optional<char> isin_check_digit(std::string_view first_eleven) noexcept {
    if (first_eleven.size() != Isin::kLength - 1 ||
        !std::all_of(first_eleven.begin(), first_eleven.end(), in_alphabet)) {
        return std::nullopt;
    }
    return right_digit(first_eleven);
}

std::string lenient_form(std::string_view text) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char character = text[i];
        const bool is_line_end = character == '\r' || character == '\n';
        if (text.substr(i, 2) == kNoBreakSpace) {
            ++i;
        } else if (character >= 'a' && character <= 'z') {
            result += static_cast<char>(character - 'a' + 'A');
        } else if (character != ' ' && character != '\t' && character != '-' &&
                   !(is_line_end && result.empty())) {
            result += character;
        }
    }
    result.erase(result.find_last_not_of("\r\n") + 1);
    return result;
}

bool is_placeholder(std::string_view text) noexcept {
    return std::find(kPlaceholders.begin(), kPlaceholders.end(), text) != kPlaceholders.end();
}

}  // namespace isinfetch
