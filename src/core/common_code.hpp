// Common Code of Euroclear and Clearstream, which is the national number of LU and XS ISINs.
#pragma once

#include "core/defect.hpp"

#include <optional>
#include <string_view>

namespace isinfetch {

/// The check digit for the first eight digits: weights 2 3 4 5 6 7 2 3 from the right, 11 less the
/// remainder modulo 11; 10 is written 0. None unless they are eight digits, and where the remainder
/// is 0, for such a code is not assigned. Source: D. Ooghe, Euroclear Bank, in ANNA's forum,
/// 2001-09-12; the last two weights were found from published lists, of which all 2,663 codes
/// agree.
std::optional<char> common_code_check_digit(std::string_view first_eight) noexcept;

/// Nine digits, the last of them the check digit.
Inspection inspect_common_code(std::string_view text) noexcept;

}  // namespace isinfetch
