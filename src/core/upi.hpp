// Unique Product Identifier of OTC derivatives, ISO 4914:2021.
#pragma once

#include "core/defect.hpp"

#include <optional>
#include <string_view>

namespace isinfetch {

/// QZ, nine characters and a check character, ISO 7064 MOD 31,30 over all twelve. Characters are
/// the ten digits and the twenty consonants without Y. A text that does not begin with QZ has
/// Defect::unknown_prefix. Source: ISO 4914:2021 §5; ISO/IEC 7064:2003 §9 (hybrid systems).
Inspection inspect_upi(std::string_view text) noexcept;

/// The check character for the first eleven; none unless all of them are of the alphabet.
std::optional<char> upi_check_character(std::string_view first_eleven) noexcept;

/// Has it the shape of a UPI, whatever its check character? For warnings: some UPIs whose last
/// character is a digit pass the check of an ISIN, such as QZXKR05S3DL1.
bool looks_like_upi(std::string_view text) noexcept;

}  // namespace isinfetch
