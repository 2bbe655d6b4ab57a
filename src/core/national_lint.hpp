// What the national number inside an ISIN says against it. In official lists such a note is as good
// as never wrong, and most often means that the ISIN was typed or made up; the ISIN itself stays
// valid.
#pragma once

#include "core/defect.hpp"

#include <optional>
#include <string_view>

namespace isinfetch {

struct NationalNote {
    std::string_view kind{};  ///< "SEDOL check digit", "WKN shape", …: one of a few, to count
    Inspection inspection{};  ///< of the number; the position counts from the ISIN's first byte
};

/// The note that the rule of the ISIN's prefix (Prefix::nsin) calls for; none where all is well,
/// and where nothing can be said. REQUIRES: the text of a valid ISIN.
///
/// The rule is not applied where published ISINs show that it does not hold:
/// - cins: where the number does not begin with the letter of its region, and in Mexico;
/// - sedol: in the Falkland Islands, where the number does not begin with two zeros;
/// - sedol_letter: where the third character is no letter (Ireland's own numbers since 2020);
/// - svm: where the number has a letter, and from 097437 on.
std::optional<NationalNote> note_national_number(std::string_view isin) noexcept;

}  // namespace isinfetch
