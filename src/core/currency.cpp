#include "core/currency.hpp"

#include "core/base36.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace isinfetch {

namespace {

constexpr auto kCurrencies = std::to_array<Currency>({
#include "core/currency_table.inc"
});

constexpr std::size_t kLetters = 26;

constexpr std::size_t ordinal(char capital) noexcept {
    return static_cast<std::size_t>(capital - 'A');
}

// For every pair of first letters the third ones, one bit each: most rows are answered by it.
constexpr auto kThirdLetters = [] {
    std::array<std::uint32_t, kLetters * kLetters> letters{};
    for (const Currency& currency : kCurrencies) {
        if (is_base36_letter(currency.code[2])) {
            letters[ordinal(currency.code[0]) * kLetters + ordinal(currency.code[1])] |=
                std::uint32_t{1} << ordinal(currency.code[2]);
        }
    }
    return letters;
}();

}  // namespace

const Currency* find_currency(std::string_view code) noexcept {
    const auto* found = std::ranges::lower_bound(kCurrencies, code, {}, &Currency::code);
    return found != kCurrencies.end() && found->code == code ? &*found : nullptr;
}

Inspection inspect_currency(std::string_view text) noexcept {
    if (text.size() != 3) {
        return {Defect::length, text.size()};
    }
    const auto* wrong = std::ranges::find_if_not(text, is_base36_letter);
    if (wrong != text.end()) {
        return find_currency(text) != nullptr
                   ? Inspection{}
                   : Inspection{Defect::character, static_cast<std::size_t>(wrong - text.begin())};
    }
    const std::uint32_t thirds = kThirdLetters[ordinal(text[0]) * kLetters + ordinal(text[1])];
    return (thirds >> ordinal(text[2]) & 1) != 0 ? Inspection{} : Inspection{Defect::unknown, 0};
}

}  // namespace isinfetch
