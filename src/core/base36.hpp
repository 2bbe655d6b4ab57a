// What the characters of identifiers are worth: 0 to 9, then A = 10 to Z = 35. ASCII capitals only.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace isinfetch {

/// The value of every byte; -1 of those that are neither digit nor capital letter.
inline constexpr std::array<std::int8_t, 256> kBase36Values = [] {
    std::array<std::int8_t, 256> values{};
    values.fill(-1);
    constexpr std::string_view kCharacters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    for (std::size_t i = 0; i < kCharacters.size(); ++i) {
        values[static_cast<unsigned char>(kCharacters[i])] = static_cast<std::int8_t>(i);
    }
    return values;
}();

/// 0 to 9 for digits, 10 to 35 for capital letters, -1 for every other byte.
constexpr int base36_value(char character) noexcept {
    return kBase36Values[static_cast<unsigned char>(character)];
}

constexpr bool is_base36(char character) noexcept {
    return base36_value(character) >= 0;
}

constexpr bool is_base36_digit(char character) noexcept {
    return base36_value(character) >= 0 && base36_value(character) < 10;
}

constexpr bool is_base36_letter(char character) noexcept {
    return base36_value(character) >= 10;
}

/// A capital letter that is no vowel; Y counts as a consonant.
constexpr bool is_consonant(char character) noexcept {
    return is_base36_letter(character) &&
           std::string_view{"AEIOU"}.find(character) == std::string_view::npos;
}

}  // namespace isinfetch
