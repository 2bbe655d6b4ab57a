// What check digits of all kinds are made of: the numbers that characters stand for, and the order
// in which an identifier is looked at. ASCII only.
#pragma once

#include "core/defect.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace isinfetch {

/// 0 to 9 of a digit, 10 to 35 of a capital letter, -1 of any other byte.
constexpr int character_value(char character) noexcept {
    constexpr std::array<std::int8_t, 256> kValues = [] {
        std::array<std::int8_t, 256> values{};
        values.fill(-1);
        constexpr std::string_view kCharacters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
        for (std::size_t i = 0; i < kCharacters.size(); ++i) {
            values[static_cast<unsigned char>(kCharacters[i])] = static_cast<std::int8_t>(i);
        }
        return values;
    }();
    return kValues[static_cast<unsigned char>(character)];
}

constexpr bool is_digit(char character) noexcept {
    return character >= '0' && character <= '9';
}

constexpr bool is_capital_letter(char character) noexcept {
    return character >= 'A' && character <= 'Z';
}

/// REQUIRES: 0 to 9.
constexpr char digit_character(int value) noexcept {
    return static_cast<char>('0' + value);
}

/// The first byte of which `allowed` is false, or Defect::none. Length comes first.
template <class Allowed>
constexpr Inspection inspect_shape(std::string_view text,
                                   std::size_t length,
                                   Allowed allowed) noexcept {
    if (text.size() != length) {
        return {Defect::length, text.size()};
    }
    for (std::size_t i = 0; i < length; ++i) {
        if (!allowed(text[i], i)) {
            return {Defect::character, i};
        }
    }
    return {};
}

/// Is the last character what it should be? None is right where the rule gives none.
/// REQUIRES: not empty.
constexpr Inspection inspect_last(std::string_view text, std::optional<char> right) noexcept {
    if (right && text.back() == *right) {
        return {};
    }
    return {Defect::check_digit, text.size() - 1, right.value_or('\0')};
}

}  // namespace isinfetch
