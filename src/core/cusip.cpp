#include "core/cusip.hpp"

#include "core/check_digit.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace isinfetch {

namespace {

// P is Latin America, Y is Asia.
constexpr std::array<std::pair<std::string_view, char>, 5> kCinsLetters{
    {{"AR", 'P'}, {"CL", 'P'}, {"MX", 'P'}, {"PA", 'P'}, {"PH", 'Y'}}};

/// -1: not a character of a CUSIP.
constexpr int cusip_value(char character) noexcept {
    switch (character) {
        case '*':
            return 36;
        case '@':
            return 37;
        case '#':
            return 38;
        default:
            return character_value(character);
    }
}

}  // namespace

std::optional<char> cusip_check_digit(std::string_view first_eight) noexcept {
    if (first_eight.size() != 8) {
        return std::nullopt;
    }
    int sum = 0;
    for (std::size_t i = 0; i < first_eight.size(); ++i) {
        const int value = cusip_value(first_eight[i]);
        if (value < 0) {
            return std::nullopt;
        }
        const int weighted = i % 2 == 0 ? value : 2 * value;
        sum += weighted / 10 + weighted % 10;
    }
    return digit_character((10 - sum % 10) % 10);
}

Inspection inspect_cusip(std::string_view text) noexcept {
    const Inspection shape = inspect_shape(text, 9, [](char character, std::size_t position) {
        return position == 8 ? is_digit(character) : cusip_value(character) >= 0;
    });
    return shape.good() ? inspect_last(text, cusip_check_digit(text.substr(0, 8))) : shape;
}

bool is_cins(std::string_view cusip) noexcept {
    return is_capital_letter(cusip.front());
}

char cins_letter(std::string_view country) noexcept {
    const auto* const found =
        std::ranges::find(kCinsLetters, country, &std::pair<std::string_view, char>::first);
    return found == kCinsLetters.end() ? '\0' : found->second;
}

}  // namespace isinfetch
