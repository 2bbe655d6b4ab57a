// International Securities Identification Number, ISO 6166:2021.
#pragma once

#include "core/defect.hpp"

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace isinfetch {

/// Twelve ASCII characters whose check digit holds; nothing else can be one.
class Isin {
public:
    static constexpr std::size_t kLength = 12;

    /// Exactly [A-Z]{2}[A-Z0-9]{9}[0-9] with the right check digit (§4.1, Annex C). Any two letters
    /// are a prefix here: what they mean is the business of prefix.hpp and isin_verdict.hpp.
    static std::optional<Isin> parse(std::string_view text) noexcept;

    /// The first rule of parse() that the text breaks. A text that is long enough is pointed at
    /// where a character is wrong, even when it is also too long.
    static Inspection inspect(std::string_view text) noexcept;

    /// The ISIN that packed() made the number of; none for every other number.
    static std::optional<Isin> unpack(std::uint64_t packed) noexcept;

    std::string_view text() const noexcept { return {text_.data(), text_.size()}; }
    std::string_view prefix() const noexcept { return text().substr(0, 2); }
    /// The national number, padded to nine characters.
    std::string_view nsin() const noexcept { return text().substr(2, 9); }

    /// The twelve characters as a number of base 36: in the same order as the texts, quick to sort.
    std::uint64_t packed() const noexcept;

    auto operator<=>(const Isin&) const = default;

private:
    explicit Isin(std::string_view text) noexcept { text.copy(text_.data(), text_.size()); }

    std::array<char, kLength> text_;
};

/// The check digit for the first eleven characters, modulus 10 "double-add-double" (Annex C);
/// none unless they are eleven of [A-Z0-9].
std::optional<char> isin_check_digit(std::string_view first_eleven) noexcept;

/// What a person meant who typed an identifier: blanks (space, tab, no-break space U+00A0) and
/// ASCII hyphens dropped, CR and LF at both ends too, a-z in upper case. Nothing else of Unicode is
/// touched: "ſ" is no S, and a full-width digit no digit.
std::string lenient_form(std::string_view text);

/// Texts that pass every check and yet say "there is no ISIN", such as ESMA's NOISINFOUND9.
bool is_placeholder(std::string_view text) noexcept;

}  // namespace isinfetch

template <>
struct std::hash<isinfetch::Isin> {
    std::size_t operator()(const isinfetch::Isin& isin) const noexcept {
        return std::hash<std::uint64_t>{}(isin.packed());
    }
};
