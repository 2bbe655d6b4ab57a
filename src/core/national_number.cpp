#include "core/national_number.hpp"

#include "core/check_digit.hpp"

#include <algorithm>
#include <array>

namespace isinfetch {

namespace {

constexpr auto kDigitsOnly = [](char character, std::size_t) { return is_digit(character); };

bool are_digits(std::string_view text, std::size_t count) noexcept {
    return inspect_shape(text, count, kDigitsOnly).good();
}

Inspection inspect_digits(std::string_view text,
                          std::optional<char> (*check_digit)(std::string_view) noexcept) noexcept {
    const Inspection shape = inspect_shape(text, 9, kDigitsOnly);
    return shape.good() ? inspect_last(text, check_digit(text.substr(0, 8))) : shape;
}

}  // namespace

Inspection inspect_wkn(std::string_view text) noexcept {
    return inspect_shape(text, 6, [](char character, std::size_t) {
        return character_value(character) >= 0 && character != 'I' && character != 'O';
    });
}

Inspection inspect_valor(std::string_view text) noexcept {
    if (text.empty() || text.size() > 9) {
        return {Defect::length, text.size()};
    }
    const Inspection shape = inspect_shape(text, text.size(), kDigitsOnly);
    if (shape.good() && text.find_first_not_of('0') == std::string_view::npos) {
        return {Defect::character, text.size() - 1};
    }
    return shape;
}

std::optional<char> israeli_check_digit(std::string_view first_eight) noexcept {
    if (!are_digits(first_eight, 8)) {
        return std::nullopt;
    }
    int sum = 0;
    for (std::size_t i = 0; i < first_eight.size(); ++i) {
        const int value = character_value(first_eight[i]);
        const int weighted = i % 2 == 0 ? value : 2 * value;
        sum += weighted / 10 + weighted % 10;
    }
    return digit_character((10 - sum % 10) % 10);
}

Inspection inspect_israeli_number(std::string_view text) noexcept {
    return inspect_digits(text, israeli_check_digit);
}

std::optional<char> danish_check_digit(std::string_view first_eight) noexcept {
    if (!are_digits(first_eight, 8)) {
        return std::nullopt;
    }
    int sum = 0;
    for (std::size_t i = 0; i < first_eight.size(); ++i) {
        sum += static_cast<int>(9 - i) * character_value(first_eight[i]);
    }
    const int value = (11 - sum % 11) % 11;
    return value == 10 ? std::nullopt : std::optional(digit_character(value));
}

Inspection inspect_danish_code(std::string_view text) noexcept {
    return inspect_digits(text, danish_check_digit);
}

Inspection inspect_svm_number(std::string_view text) noexcept {
    const Inspection shape = inspect_shape(text, 9, kDigitsOnly);
    if (!shape.good()) {
        return shape;
    }
    int remainder = 0;
    for (const char digit : text.substr(0, 7)) {
        remainder = (10 * remainder + character_value(digit)) % 97;
    }
    const int right = remainder == 0 ? 97 : remainder;
    const std::array digits{digit_character(right / 10), digit_character(right % 10)};
    const auto* const wrong = std::ranges::mismatch(digits, text.substr(7)).in1;
    if (wrong == digits.end()) {
        return {};
    }
    return {Defect::check_digit, 7 + static_cast<std::size_t>(wrong - digits.begin()), *wrong};
}

}  // namespace isinfetch
