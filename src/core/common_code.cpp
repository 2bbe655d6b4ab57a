#include "core/common_code.hpp"

#include "core/check_digit.hpp"

#include <algorithm>
#include <array>

namespace isinfetch {

namespace {

constexpr std::array kWeights{3, 2, 7, 6, 5, 4, 3, 2};

}  // namespace

std::optional<char> common_code_check_digit(std::string_view first_eight) noexcept {
    if (first_eight.size() != kWeights.size() || !std::ranges::all_of(first_eight, is_digit)) {
        return std::nullopt;
    }
    int sum = 0;
    for (std::size_t i = 0; i < kWeights.size(); ++i) {
        sum += kWeights[i] * character_value(first_eight[i]);
    }
    if (sum % 11 == 0) {
        return std::nullopt;
    }
    return digit_character((11 - sum % 11) % 10);
}

Inspection inspect_common_code(std::string_view text) noexcept {
    const Inspection shape =
        inspect_shape(text, 9, [](char character, std::size_t) { return is_digit(character); });
    return shape.good() ? inspect_last(text, common_code_check_digit(text.substr(0, 8))) : shape;
}

}  // namespace isinfetch
