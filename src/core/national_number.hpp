// Numbers that single countries give to securities, and that ISINs are built around.
#pragma once

#include "core/defect.hpp"

#include <optional>
#include <string_view>

namespace isinfetch {

/// Wertpapierkennnummer: six digits and letters without I and O, no check digit.
/// Source: WM Datenservice, Frankfurt.
Inspection inspect_wkn(std::string_view text) noexcept;

/// Valorennummer: one to nine digits, not all of them zero, no check digit.
/// Source: SIX Financial Information, Zurich.
Inspection inspect_valor(std::string_view text) noexcept;

/// The check digit of an Israeli security number, for its first eight digits: Luhn, modulus 10 with
/// every second digit doubled, from the right. None unless they are eight digits.
/// Source: found from published lists, of which all 779 numbers agree.
std::optional<char> israeli_check_digit(std::string_view first_eight) noexcept;

/// Nine digits, the last of them the check digit.
Inspection inspect_israeli_number(std::string_view text) noexcept;

/// The check digit of a Danish fund code (fondskode), for its first eight digits: weights 2 to 9
/// from the right, modulus 11. None unless they are eight digits, and where 10 would be needed.
/// Source: found from published lists, of which all 163 codes agree.
std::optional<char> danish_check_digit(std::string_view first_eight) noexcept;

/// Nine digits, the last of them the check digit.
Inspection inspect_danish_code(std::string_view text) noexcept;

/// Belgian SVM number (Secrétariat des valeurs mobilières): nine digits, the last two of which are
/// the first seven modulo 97, or 97 for 0. Of two wrong check digits the first one is at fault.
/// Source: found from published lists; numbers from 097437 on do not follow the rule.
Inspection inspect_svm_number(std::string_view text) noexcept;

}  // namespace isinfetch
