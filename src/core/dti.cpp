#include "core/dti.hpp"

#include "core/check_digit.hpp"

namespace isinfetch {

namespace {

constexpr std::string_view kAlphabet = "0123456789BCDFGHJKLMNPQRSTVWXZ";
constexpr std::string_view kBitcoin = "4H95J0R2X";

constexpr bool is_dti_character(char character, std::size_t position) noexcept {
    return kAlphabet.find(character) != std::string_view::npos &&
           (position > 0 || character != '0');
}

}  // namespace

std::optional<char> dti_check_character(std::string_view first_eight) noexcept {
    constexpr std::size_t kModulus = kAlphabet.size();
    if (!inspect_shape(first_eight, 8, is_dti_character).good()) {
        return std::nullopt;
    }
    std::size_t product = kModulus;
    for (const char character : first_eight) {
        const std::size_t sum = (product + kAlphabet.find(character)) % kModulus;
        product = 2 * (sum == 0 ? kModulus : sum) % (kModulus + 1);
    }
    return kAlphabet[(kModulus + 1 - product) % kModulus];
}

Inspection inspect_dti(std::string_view text) noexcept {
    const Inspection shape = inspect_shape(text, 9, is_dti_character);
    if (!shape.good() || text == kBitcoin) {
        return shape;
    }
    return inspect_last(text, dti_check_character(text.substr(0, 8)));
}

}  // namespace isinfetch
