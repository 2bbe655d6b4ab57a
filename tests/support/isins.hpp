// ISINs made for tests: right, varied and always the same.
#pragma once

#include "core/isin.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

/// The n-th of a series of right ISINs in the forms of real ones: digits, CUSIPs, German and
/// derivative bodies, letters in every share.
inline std::string made_isin(std::uint64_t number) {
    static constexpr std::array<std::string_view, 8> kPrefixes{
        "US", "DE", "FR", "XS", "EZ", "GB", "INE", "CH0"};
    static constexpr std::string_view kAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    // A multiplier of a linear congruence (Knuth's MMIX) spreads neighbouring numbers.
    std::uint64_t random = number * 6364136223846793005ULL + 1442695040888963407ULL;
    random ^= random >> 29U;
    std::string text(kPrefixes[number % kPrefixes.size()]);
    const std::uint64_t kinds = number / 8 % 4 == 0 ? 36 : 10;
    while (text.size() < 11) {
        text += kAlphabet[random % kinds];
        random = random / kinds * 0x9E3779B97F4A7C15ULL + number;
    }
    return text + isinfetch::isin_check_digit(text).value();
}

inline std::string made_isin_lines(std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) {
        text += made_isin(i) + "\n";
    }
    return text;
}
