// What is known of the two letters that begin an ISIN.
#pragma once

#include <string_view>

namespace isinfetch {

/// Is it a country of ISO 3166-1, or a code that ISO 6166:2021 §4.1 or its registration authority
/// assigns (XS EZ EU XA XB XC XD XT ZZ)? Others occur in official lists too: worth a warning only.
bool is_known_prefix(std::string_view prefix) noexcept;

}  // namespace isinfetch
