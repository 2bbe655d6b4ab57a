// Financial Instrument Short Name, ISO 18774:2015 and 2024.
#pragma once

#include "core/defect.hpp"

#include <string_view>

namespace isinfetch {

/// "ISSUER/DESCRIPTION": at most 35 characters, of which at most 15 name the issuer; the
/// description takes what is left of the 35, and is thus 19 long only beside a full issuer name.
/// Characters are the printable ones of ISO/IEC 8859-1, of which agencies use signs (". , - + % &")
/// and small letters too; the text is UTF-8. `position` counts bytes.
/// A second slash is part of the description ("DEUTSCHE BANK/BD 25/10/27").
/// Defect::length: too long, or an empty half. Defect::prefix: no slash after at most 15
/// characters, so that nothing names the issuer.
/// Source: ISO 18774:2015 §3 and §4; ANNA's description of the standard.
Inspection inspect_fisn(std::string_view text) noexcept;

}  // namespace isinfetch
