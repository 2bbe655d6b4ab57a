#include "core/figi.hpp"

#include "core/base36.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace isinfetch {

namespace {

constexpr std::size_t kLength = 12;
constexpr std::size_t kBody = 11;
constexpr std::array<std::string_view, 7> kNoProvider{"BM", "BS", "GB", "GG", "GH", "KY", "VG"};

bool fits(char character, std::size_t position) noexcept {
    if (position < 2) {
        return is_consonant(character);
    }
    if (position == 2) {
        return character == 'G';
    }
    return is_base36_digit(character) || (position < kBody && is_consonant(character));
}

/// The position of the first character that a FIGI does not have there; kLength when there is none.
/// REQUIRES: twelve bytes.
std::size_t first_misfit(std::string_view text) noexcept {
    std::size_t position = 0;
    while (position < kLength && fits(text[position], position)) {
        ++position;
    }
    return position;
}

/// REQUIRES: characters of [A-Z0-9] only.
char check_digit(std::string_view body) noexcept {
    int sum = 0;
    bool doubling = false;
    for (std::size_t i = body.size(); i-- > 0; doubling = !doubling) {
        const int value = base36_value(body[i]) * (doubling ? 2 : 1);
        sum += value / 10 + value % 10;
    }
    return static_cast<char>('0' + (10 - sum % 10) % 10);
}

}  // namespace

Inspection inspect_figi(std::string_view text) noexcept {
    if (text.size() != kLength) {
        return {Defect::length, text.size()};
    }
    if (const std::size_t misfit = first_misfit(text); misfit < kLength) {
        return {Defect::character, misfit};
    }
    if (std::ranges::find(kNoProvider, text.substr(0, 2)) != kNoProvider.end()) {
        return {Defect::unknown_prefix, 0};
    }
    const char expected = check_digit(text.substr(0, kBody));
    return text[kBody] == expected ? Inspection{}
                                   : Inspection{Defect::check_digit, kBody, expected};
}

std::optional<char> figi_check_digit(std::string_view first_eleven) noexcept {
    if (first_eleven.size() != kBody || !std::ranges::all_of(first_eleven, is_base36)) {
        return std::nullopt;
    }
    return check_digit(first_eleven);
}

bool looks_like_figi(std::string_view text) noexcept {
    return text.size() == kLength && (text.starts_with("BBG") || text.starts_with("KKG")) &&
           first_misfit(text) == kLength;
}

}  // namespace isinfetch
