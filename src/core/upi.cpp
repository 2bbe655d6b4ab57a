#include "core/upi.hpp"

#include "core/base36.hpp"

#include <algorithm>
#include <cstddef>

namespace isinfetch {

namespace {

constexpr std::size_t kLength = 12;
constexpr std::size_t kBody = 11;
constexpr std::string_view kAlphabet = "0123456789BCDFGHJKLMNPQRSTVWXZ";

bool in_alphabet(char character) noexcept {
    return kAlphabet.find(character) != std::string_view::npos;
}

/// REQUIRES: characters of the alphabet only.
char check_character(std::string_view body) noexcept {
    std::size_t product = 30;
    for (const char character : body) {
        const std::size_t sum = (product + kAlphabet.find(character)) % 30;
        product = 2 * (sum == 0 ? 30 : sum) % 31;
    }
    return kAlphabet[(31 - product) % 30];
}

/// REQUIRES: twelve bytes.
std::size_t first_misfit(std::string_view text) noexcept {
    const auto* misfit = std::ranges::find_if_not(text, in_alphabet);
    return static_cast<std::size_t>(misfit - text.begin());
}

}  // namespace

Inspection inspect_upi(std::string_view text) noexcept {
    if (text.size() != kLength) {
        return {Defect::length, text.size()};
    }
    if (const std::size_t misfit = first_misfit(text); misfit < kLength) {
        return {Defect::character, misfit};
    }
    if (!text.starts_with("QZ")) {
        return {Defect::unknown_prefix, 0};
    }
    const char expected = check_character(text.substr(0, kBody));
    return text[kBody] == expected ? Inspection{}
                                   : Inspection{Defect::check_digit, kBody, expected};
}

std::optional<char> upi_check_character(std::string_view first_eleven) noexcept {
    if (first_eleven.size() != kBody || !std::ranges::all_of(first_eleven, in_alphabet)) {
        return std::nullopt;
    }
    return check_character(first_eleven);
}

bool looks_like_upi(std::string_view text) noexcept {
    return text.size() == kLength && text.starts_with("QZ") && first_misfit(text) == kLength;
}

}  // namespace isinfetch
