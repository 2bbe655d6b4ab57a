// Digital token identifier, ISO 24165.
#pragma once

#include "core/defect.hpp"

#include <optional>
#include <string_view>

namespace isinfetch {

/// The check character for the first eight: ISO/IEC 7064, hybrid system modulo 31 and 30, over the
/// digits and the consonants without Y. None unless they are eight of these, the first no zero.
/// Source: ISO 24165-1.
std::optional<char> dti_check_character(std::string_view first_eight) noexcept;

/// Nine characters, the last of them the check character. Bitcoin's 4H95J0R2X, assigned before the
/// rule, is the one identifier that does not satisfy it, and is good.
Inspection inspect_dti(std::string_view text) noexcept;

}  // namespace isinfetch
