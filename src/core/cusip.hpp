// Numbers of CUSIP Global Services: CUSIP in the United States and Canada, CINS elsewhere.
#pragma once

#include "core/defect.hpp"

#include <optional>
#include <string_view>

namespace isinfetch {

/// The check digit for the first eight characters, modulus 10 "double-add-double": digits count as
/// themselves, letters as 10 to 35, * @ # as 36 37 38; every second one is doubled, the decimal
/// digits are added. None unless they are eight such characters. Source: ANSI X9.6.
std::optional<char> cusip_check_digit(std::string_view first_eight) noexcept;

/// Nine characters, the last of them the check digit. Issuers' own numbers of private placements
/// have * @ #; letters that CUSIP Global Services avoids (I and O) are no defect.
Inspection inspect_cusip(std::string_view text) noexcept;

/// Does it begin with the letter of a country or region, as a CINS does? REQUIRES: a CUSIP or CINS.
bool is_cins(std::string_view cusip) noexcept;

/// The letter that the CINS of a country begin with, for those countries whose ISINs hold a CINS or
/// another number (NsinRule::cins); NUL for others. Source: CUSIP Global Services, CINS codes.
char cins_letter(std::string_view country) noexcept;

}  // namespace isinfetch
