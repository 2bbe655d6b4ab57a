// What people write where a code of two or four letters belongs.
#pragma once

#include <string_view>

namespace isinfetch {

/// "DE" of "DEU" or "Germany", "GB" of "UK"; "" when nobody can tell. Case does not count. To be
/// offered, never to be taken: a person says what was meant.
std::string_view country_meant_by(std::string_view text);

/// "XETR" of "XETRA" or "Xetra ", "XNYS" of "NYSE"; "" when nobody can tell. The better known
/// venues only: the register of ISO 10383 has thousands.
std::string_view mic_meant_by(std::string_view text);

}  // namespace isinfetch
