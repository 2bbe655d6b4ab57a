#include "core/national_lint.hpp"

#include "core/check_digit.hpp"
#include "core/common_code.hpp"
#include "core/cusip.hpp"
#include "core/dti.hpp"
#include "core/national_number.hpp"
#include "core/prefix.hpp"
#include "core/sedol.hpp"

#include <algorithm>
#include <array>

namespace isinfetch {

namespace {

struct Rule {
    NsinRule nsin;
    std::size_t zeros;  ///< before the number
    Inspection (*inspect)(std::string_view number) noexcept;
    std::string_view check_digit;  ///< the kinds of notes
    std::string_view shape;
    bool (*applies)(std::string_view isin) noexcept;
};

bool always(std::string_view /*isin*/) noexcept {
    return true;
}

// Not in Mexico: of its numbers with P, many are CINS and many are not (MXP370841019,
// MXP370711014).
bool begins_like_cins(std::string_view isin) noexcept {
    const std::string_view country = isin.substr(0, 2);
    return country != "MX" && isin[2] == cins_letter(country);
}

// FK0114538241 is in London's official list: the Falkland Islands have other numbers too.
bool may_be_sedol(std::string_view isin) noexcept {
    return !isin.starts_with("FK") || isin.substr(2, 2) == "00";
}

bool has_letter_of_sedol(std::string_view isin) noexcept {
    return isin.substr(2, 2) == "00" && is_capital_letter(isin[4]);
}

bool is_of_old_series(std::string_view isin) noexcept {
    const std::string_view body = isin.substr(2, 9);
    const bool renewed = body.starts_with("0974") && body >= "097437";
    return std::ranges::all_of(body, is_digit) && !renewed;
}

Inspection inspect_any_digits(std::string_view number) noexcept {
    return inspect_shape(number, number.size(), [](char c, std::size_t) { return is_digit(c); });
}

constexpr std::array kRules{
    Rule{NsinRule::cusip, 0, inspect_cusip, "CUSIP check digit", "CUSIP shape", always},
    Rule{NsinRule::cins, 0, inspect_cusip, "CUSIP check digit", "CUSIP shape", begins_like_cins},
    Rule{NsinRule::sedol, 2, inspect_sedol, "SEDOL check digit", "SEDOL shape", may_be_sedol},
    Rule{NsinRule::sedol_letter,
         2,
         inspect_sedol,
         "SEDOL check digit",
         "SEDOL shape",
         has_letter_of_sedol},
    Rule{NsinRule::common_code,
         0,
         inspect_common_code,
         "Common Code check digit",
         "Common Code shape",
         always},
    Rule{NsinRule::il,
         0,
         inspect_israeli_number,
         "Israeli number check digit",
         "Israeli number shape",
         always},
    Rule{NsinRule::dk,
         0,
         inspect_danish_code,
         "Danish fund code check digit",
         "Danish fund code shape",
         always},
    Rule{NsinRule::svm,
         0,
         inspect_svm_number,
         "SVM number check digit",
         "SVM number shape",
         is_of_old_series},
    Rule{NsinRule::wkn, 3, inspect_wkn, "", "WKN shape", always},
    Rule{NsinRule::valor, 0, inspect_valor, "", "Valor shape", always},
    Rule{NsinRule::dti, 0, inspect_dti, "DTI check character", "DTI shape", always},
    Rule{NsinRule::digits, 0, inspect_any_digits, "", "not all digits", always},
};

/// The number in `body`, which begins with so many zeros; the position counts in `body`.
Inspection inspect_padded(std::string_view body, const Rule& rule) noexcept {
    const std::size_t other = std::min(body.find_first_not_of('0'), body.size());
    if (other < rule.zeros) {
        return {Defect::character, other};
    }
    Inspection inspection = rule.inspect(body.substr(rule.zeros));
    inspection.position += rule.zeros;
    return inspection;
}

}  // namespace

std::optional<NationalNote> note_national_number(std::string_view isin) noexcept {
    const Prefix* prefix = find_prefix(isin.substr(0, 2));
    if (prefix == nullptr || prefix->nsin == NsinRule::none) {
        return std::nullopt;
    }
    const auto* const rule = std::ranges::find(kRules, prefix->nsin, &Rule::nsin);
    if (rule == kRules.end() || !rule->applies(isin)) {
        return std::nullopt;
    }
    Inspection inspection = inspect_padded(isin.substr(2, 9), *rule);
    if (inspection.good()) {
        return std::nullopt;
    }
    inspection.position += 2;
    const bool shape = inspection.defect != Defect::check_digit;
    return NationalNote{shape ? rule->shape : rule->check_digit, inspection};
}

}  // namespace isinfetch
