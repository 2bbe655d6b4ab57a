// What each byte adds to the check sum of an ISIN (ISO 6166:2021, Annex C): the portable way to
// judge one, shared by core/isin.cpp and core/isin_scan.cpp.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace isinfetch {

/// A letter stands for two digits, so that only digits shift the doubling of what is left of them.
struct IsinWeight {
    std::array<std::uint8_t, 2> sum;  ///< what it adds; [1]: where its last digit is doubled
    std::uint8_t is_digit;            ///< 1 or 0
    std::uint8_t wrong;               ///< 1: no character of an ISIN
};

constexpr std::array<IsinWeight, 256> make_isin_weights() noexcept {
    constexpr auto kDoubled = [](unsigned digit) { return digit * 2 / 10 + digit * 2 % 10; };
    std::array<IsinWeight, 256> weights{};
    weights.fill({{{0, 0}}, 0, 1});
    for (unsigned digit = 0; digit < 10; ++digit) {
        weights['0' + digit] = {
            {{static_cast<std::uint8_t>(digit), static_cast<std::uint8_t>(kDoubled(digit))}}, 1, 0};
    }
    for (unsigned letter = 0; letter < 26; ++letter) {
        const unsigned tens = (letter + 10) / 10;
        const unsigned ones = (letter + 10) % 10;
        weights['A' + letter] = {{{static_cast<std::uint8_t>(ones + kDoubled(tens)),
                                   static_cast<std::uint8_t>(kDoubled(ones) + tens)}},
                                 0,
                                 0};
    }
    return weights;
}

inline constexpr std::array<IsinWeight, 256> kIsinWeights = make_isin_weights();

constexpr const IsinWeight& isin_weight(char character) noexcept {
    return kIsinWeights[static_cast<unsigned char>(character)];
}

/// Are these twelve bytes two letters, nine letters or digits, and the right check digit?
inline bool has_isin_form(const char* text) noexcept {
    unsigned sum = 0;
    unsigned doubling = 0;
    unsigned wrong = 0;
    for (std::size_t i = 12; i-- > 0;) {
        const IsinWeight& weight = isin_weight(text[i]);
        sum += weight.sum[doubling];
        doubling ^= weight.is_digit;
        wrong |= weight.wrong;
    }
    wrong |= isin_weight(text[0]).is_digit;
    wrong |= isin_weight(text[1]).is_digit;
    wrong |= isin_weight(text[11]).is_digit ^ 1U;
    return wrong == 0 && sum % 10 == 0;
}

}  // namespace isinfetch
