#include "core/sedol.hpp"

#include "core/check_digit.hpp"

#include <array>

namespace isinfetch {

namespace {

constexpr std::array kWeights{1, 3, 1, 7, 3, 9};

constexpr bool is_vowel(char character) noexcept {
    return std::string_view("AEIOU").find(character) != std::string_view::npos;
}

constexpr bool is_sedol_character(char character) noexcept {
    return character_value(character) >= 0 && !is_vowel(character);
}

}  // namespace

std::optional<char> sedol_check_digit(std::string_view first_six) noexcept {
    if (first_six.size() != kWeights.size()) {
        return std::nullopt;
    }
    int sum = 0;
    for (std::size_t i = 0; i < kWeights.size(); ++i) {
        if (!is_sedol_character(first_six[i])) {
            return std::nullopt;
        }
        sum += kWeights[i] * character_value(first_six[i]);
    }
    return digit_character((10 - sum % 10) % 10);
}

Inspection inspect_sedol(std::string_view text) noexcept {
    const Inspection shape = inspect_shape(text, 7, [](char character, std::size_t position) {
        return position == 6 ? is_digit(character) : is_sedol_character(character);
    });
    return shape.good() ? inspect_last(text, sedol_check_digit(text.substr(0, 6))) : shape;
}

}  // namespace isinfetch
