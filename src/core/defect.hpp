// What can be wrong with an identifier, and where: one vocabulary for the ISIN and its relatives.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace isinfetch {

/// The first rule that a text breaks, in the order in which they are looked at.
enum class Defect : std::uint8_t {
    none,
    length,
    character,  ///< one that the identifier does not have at that place
    prefix,     ///< does not begin with two letters
    check_digit,
    unknown_prefix,  ///< nobody assigns it
    unknown,         ///< a code that is not in the standard's list
};

inline constexpr std::size_t kDefectCount = 7;

struct Inspection {
    Defect defect = Defect::none;
    std::size_t position = 0;  ///< of the byte at fault, counting from 0; of length: where the text
                               ///< ends too early or goes on too long
    char expected = '\0';      ///< of check_digit: the character that would be right

    bool good() const noexcept { return defect == Defect::none; }
    bool operator==(const Inspection&) const = default;
};

/// "wrong check digit", … for messages, reports and the column rejection.reason.
std::string_view describe(Defect defect) noexcept;

/// "check_digit", …: for programs.
std::string_view name(Defect defect) noexcept;

}  // namespace isinfetch
