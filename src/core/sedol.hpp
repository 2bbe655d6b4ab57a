// Stock Exchange Daily Official List number of the London Stock Exchange.
#pragma once

#include "core/defect.hpp"

#include <optional>
#include <string_view>

namespace isinfetch {

/// The check digit for the first six characters: letters count as 10 to 35, weights 1 3 1 7 3 9,
/// modulus 10. None unless they are digits and consonants. Source: London Stock Exchange, SEDOL
/// Masterfile technical specification.
std::optional<char> sedol_check_digit(std::string_view first_six) noexcept;

/// Seven characters: digits and consonants, of which those assigned before 2004 have none, and the
/// check digit.
Inspection inspect_sedol(std::string_view text) noexcept;

}  // namespace isinfetch
