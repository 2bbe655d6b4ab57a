// From an ISIN to the national number inside it, and back. Pure.
#pragma once

#include "core/prefix.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace isinfetch {

/// A number of which ISINs are made.
struct NumberInIsin {
    std::string_view name;            ///< as in identifiers()
    std::string_view home;            ///< the prefix of its ISINs when none is named
    std::span<const NsinRule> rules;  ///< of the prefixes whose ISINs hold it
    std::size_t zeros;                ///< that stand before it in the nine characters
};

std::span<const NumberInIsin> numbers_in_isins() noexcept;

/// null when ISINs are not made of it, or there is none of that name.
const NumberInIsin* find_number_in_isin(std::string_view name) noexcept;

/// Do ISINs with this prefix hold such a number, all or some of them?
bool may_hold(std::string_view prefix, const NumberInIsin& number) noexcept;

/// The converted text, or what is wrong: "a US ISIN holds a CUSIP, not a SEDOL".
struct Conversion {
    std::string text{};
    std::string error{};  ///< does not repeat the text that was given

    bool good() const noexcept { return error.empty(); }
};

/// The number in an ISIN, without the zeros that fill it up. It must satisfy its own rules; where
/// ISINs of a country hold one number or another (NsinRule::cins, sedol_letter), it must look like
/// the one that is asked for.
Conversion number_from_isin(std::string_view isin, const NumberInIsin& number);

/// The ISIN with that number and the prefix `country`; "" stands for the number's home, which a
/// CINS does not have.
Conversion isin_from_number(std::string_view text,
                            const NumberInIsin& number,
                            std::string_view country);

}  // namespace isinfetch
