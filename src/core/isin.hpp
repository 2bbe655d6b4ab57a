// International Securities Identification Number, ISO 6166:2021.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>

namespace isinfetch {

/// The first rule that a text breaks.
enum class IsinDefect { none, length, alphabet, prefix, check_digit };

/// Twelve ASCII characters whose check digit holds; nothing else can be one.
class Isin {
public:
    /// Strict: exactly [A-Z]{2}[A-Z0-9]{9}[0-9] with the right check digit (§4.1, Annex C).
    /// Any two letters are a prefix here; what they mean is prefix.hpp's business.
    static std::optional<Isin> parse(std::string_view text) noexcept;

    static IsinDefect inspect(std::string_view text) noexcept;

    std::string_view text() const noexcept { return {text_.data(), text_.size()}; }
    std::string_view prefix() const noexcept { return text().substr(0, 2); }

    auto operator<=>(const Isin&) const = default;

private:
    explicit Isin(std::string_view text) noexcept { text.copy(text_.data(), text_.size()); }

    std::array<char, 12> text_;
};

/// The check digit for the first eleven characters, modulus 10 "double-add-double" (Annex C);
/// none unless they are eleven of [A-Z0-9].
std::optional<char> isin_check_digit(std::string_view first_eleven) noexcept;

/// "wrong check digit", … for messages and the column rejection.reason.
std::string_view describe(IsinDefect defect) noexcept;

/// Texts that pass every check and yet say "there is no ISIN", such as ESMA's NOISINFOUND9.
bool is_placeholder(std::string_view text) noexcept;

}  // namespace isinfetch
