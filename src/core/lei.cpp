#include "core/lei.hpp"

#include "core/base36.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace isinfetch {

namespace {

constexpr std::size_t kLength = 20;
constexpr std::size_t kBody = 18;

/// The remainder by 97 of the number that the text stands for.
/// REQUIRES: characters of [A-Z0-9] only.
constexpr std::uint64_t modulo_97(std::string_view text) noexcept {
    std::uint64_t remainder = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto value = static_cast<std::uint64_t>(base36_value(text[i]));
        remainder = remainder * (value < 10 ? 10 : 100) + value;
        if (i % 8 == 7) {  // eight letters more than 96 still fit into 64 bits
            remainder %= 97;
        }
    }
    return remainder % 97;
}

std::array<char, 2> check_digits(std::string_view body) noexcept {
    const std::uint64_t number = 98 - modulo_97(body) * 100 % 97;
    return {static_cast<char>('0' + number / 10), static_cast<char>('0' + number % 10)};
}

}  // namespace

Inspection inspect_lei(std::string_view text) noexcept {
    if (text.size() != kLength) {
        return {Defect::length, text.size()};
    }
    for (std::size_t i = 0; i < kLength; ++i) {
        if (i < kBody ? !is_base36(text[i]) : !is_base36_digit(text[i])) {
            return {Defect::character, i};
        }
    }
    if (modulo_97(text) == 1) {
        return {};
    }
    const std::array<char, 2> expected = check_digits(text.substr(0, kBody));
    const std::size_t wrong = text[kBody] == expected[0] ? 1 : 0;
    return {Defect::check_digit, kBody + wrong, expected[wrong]};
}

std::optional<std::array<char, 2>> lei_check_digits(std::string_view first_eighteen) noexcept {
    if (first_eighteen.size() != kBody || !std::ranges::all_of(first_eighteen, is_base36)) {
        return std::nullopt;
    }
    return check_digits(first_eighteen);
}

}  // namespace isinfetch
