#include "core/isin.hpp"

#include <algorithm>
#include <cstddef>

namespace isinfetch {

namespace {

// -1: not a character of an ISIN; 0 to 9 digits; 10 to 35 letters.
constexpr std::array<std::int8_t, 256> kValues = [] {
    std::array<std::int8_t, 256> values{};
    values.fill(-1);
    constexpr std::string_view kCharacters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    for (std::size_t i = 0; i < kCharacters.size(); ++i) {
        values[static_cast<unsigned char>(kCharacters[i])] = static_cast<std::int8_t>(i);
    }
    return values;
}();

constexpr int value_of(char character) noexcept {
    return kValues[static_cast<unsigned char>(character)];
}

constexpr int doubled(int digit) noexcept {
    return digit * 2 / 10 + digit * 2 % 10;
}

/// The weighted sum of Annex C, from the right; `doubling` says whether the last digit is doubled.
/// A letter stands for two digits, so that only digits shift the parity of what is left of them.
/// REQUIRES: characters of [A-Z0-9] only.
constexpr int weighted_sum(std::string_view text, bool doubling) noexcept {
    int sum = 0;
    for (std::size_t i = text.size(); i-- > 0;) {
        const int value = value_of(text[i]);
        if (value < 10) {
            sum += doubling ? doubled(value) : value;
            doubling = !doubling;
        } else {
            const int tens = value / 10;
            const int ones = value % 10;
            sum += doubling ? doubled(ones) + tens : ones + doubled(tens);
        }
    }
    return sum;
}

constexpr bool is_letter(char character) noexcept {
    return value_of(character) >= 10;
}

constexpr bool is_digit(char character) noexcept {
    return value_of(character) >= 0 && value_of(character) < 10;
}

bool all_in_alphabet(std::string_view text) noexcept {
    return std::all_of(text.begin(), text.end(), [](char c) { return value_of(c) >= 0; });
}

// Passes every check; ESMA's sign for "no underlying", seen in live FIRDS files.
constexpr std::array kPlaceholders{std::string_view{"NOISINFOUND9"}};

}  // namespace

IsinDefect Isin::inspect(std::string_view text) noexcept {
    if (text.size() != 12) {
        return IsinDefect::length;
    }
    if (!all_in_alphabet(text) || !is_digit(text[11])) {
        return IsinDefect::alphabet;
    }
    if (!is_letter(text[0]) || !is_letter(text[1])) {
        return IsinDefect::prefix;
    }
    return weighted_sum(text, false) % 10 == 0 ? IsinDefect::none : IsinDefect::check_digit;
}

std::optional<Isin> Isin::parse(std::string_view text) noexcept {
    if (inspect(text) != IsinDefect::none) {
        return std::nullopt;
    }
    return Isin(text);
}

std::optional<char> isin_check_digit(std::string_view first_eleven) noexcept {
    if (first_eleven.size() != 11 || !all_in_alphabet(first_eleven)) {
        return std::nullopt;
    }
    const int digit = (10 - weighted_sum(first_eleven, true) % 10) % 10;
    return static_cast<char>('0' + digit);
}

std::string_view describe(IsinDefect defect) noexcept {
    switch (defect) {
        case IsinDefect::none:
            return "valid";
        case IsinDefect::length:
            return "not 12 characters long";
        case IsinDefect::alphabet:
            return "a character that no ISIN has at that place";
        case IsinDefect::prefix:
            return "does not begin with two letters";
        case IsinDefect::check_digit:
            return "wrong check digit";
    }
    return "";
}

bool is_placeholder(std::string_view text) noexcept {
    return std::find(kPlaceholders.begin(), kPlaceholders.end(), text) != kPlaceholders.end();
}

}  // namespace isinfetch
