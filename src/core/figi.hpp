// Financial Instrument Global Identifier, OMG FIGI 1.2 / ANSI X9.145.
#pragma once

#include "core/defect.hpp"

#include <optional>
#include <string_view>

namespace isinfetch {

/// Two consonants that name the provider, G, eight consonants or digits, a check digit: modulus 10,
/// every second value from the right of the first eleven doubled, letters being worth 10 to 35.
/// BS, BM, GB, GG, GH, KY and VG name no provider (Defect::unknown_prefix), because ISINs begin so.
/// Source: OMG FIGI §6.1.2 and annex on the check digit.
Inspection inspect_figi(std::string_view text) noexcept;

/// The check digit for the first eleven characters; none unless they are eleven of [A-Z0-9].
std::optional<char> figi_check_digit(std::string_view first_eleven) noexcept;

/// Has it the shape of a FIGI of the providers that there are: BBG (Bloomberg), KKG (Kaiko)? For
/// warnings only: every tenth of them passes all checks of an ISIN, and an ISIN may have the shape.
bool looks_like_figi(std::string_view text) noexcept;

}  // namespace isinfetch
