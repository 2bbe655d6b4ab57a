#include "core/identifiers.hpp"

#include "core/common_code.hpp"
#include "core/cusip.hpp"
#include "core/dti.hpp"
#include "core/isin_verdict.hpp"
#include "core/national_number.hpp"
#include "core/sedol.hpp"

#include <algorithm>
#include <array>

namespace isinfetch {

namespace {

// clang-format off
constexpr std::array kIdentifiers{
    Identifier{"isin", "ISIN", "international securities identification number", "ISO 6166", judge_isin},
    Identifier{"cusip", "CUSIP", "CUSIP and CINS number", "ANSI X9.6", inspect_cusip},
    Identifier{"sedol", "SEDOL", "SEDOL code", "London Stock Exchange", inspect_sedol},
    Identifier{"wkn", "WKN", "Wertpapierkennnummer", "WM Datenservice", inspect_wkn},
    Identifier{"valor", "Valor", "Valorennummer", "SIX Financial Information", inspect_valor},
    Identifier{"common-code", "Common Code", "Common Code", "Euroclear and Clearstream", inspect_common_code},
    Identifier{"dti", "DTI", "digital token identifier", "ISO 24165", inspect_dti},
    Identifier{"israeli-number", "Israeli number", "Israeli security number", "Tel Aviv Stock Exchange", inspect_israeli_number},
    Identifier{"danish-code", "Danish fund code", "Danish fund code", "Euronext Securities Copenhagen", inspect_danish_code},
    Identifier{"svm", "SVM number", "Belgian SVM number", "Secrétariat des valeurs mobilières", inspect_svm_number},
};
// clang-format on

}  // namespace

std::span<const Identifier> identifiers() noexcept {
    return kIdentifiers;
}

const Identifier* find_identifier(std::string_view name) noexcept {
    const auto* const found = std::ranges::find(kIdentifiers, name, &Identifier::name);
    return found == kIdentifiers.end() ? nullptr : found;
}

}  // namespace isinfetch
