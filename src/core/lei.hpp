// Legal Entity Identifier, ISO 17442-1:2020.
#pragma once

#include "core/defect.hpp"

#include <array>
#include <optional>
#include <string_view>

namespace isinfetch {

/// Eighteen of [A-Z0-9] and two check digits such that the whole, letters written as 10 to 35, is
/// 1 modulo 97 (ISO 7064 MOD 97-10). A wrong check digit is reported at the first of the two
/// digits that is wrong. Characters 5 and 6 may be anything: the "00" of the first edition is gone
/// from the second, and many LEIs given before that rule never had it. Check digits 00, 01 and 99,
/// which the calculation never gives, are right when the remainder is: that is how ISO 7064 checks.
/// Source: ISO 17442-1:2020 §5 and annex A; ISO/IEC 7064:2003 §7.
Inspection inspect_lei(std::string_view text) noexcept;

/// The two check digits for the first eighteen characters, "02" to "98"; none unless they are
/// eighteen of [A-Z0-9].
std::optional<std::array<char, 2>> lei_check_digits(std::string_view first_eighteen) noexcept;

}  // namespace isinfetch
