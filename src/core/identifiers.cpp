#include "core/identifiers.hpp"

#include "core/cfi.hpp"
#include "core/common_code.hpp"
#include "core/currency.hpp"
#include "core/cusip.hpp"
#include "core/dti.hpp"
#include "core/figi.hpp"
#include "core/fisn.hpp"
#include "core/isin_verdict.hpp"
#include "core/lei.hpp"
#include "core/mic.hpp"
#include "core/national_number.hpp"
#include "core/sedol.hpp"
#include "core/upi.hpp"

#include <algorithm>
#include <array>

namespace isinfetch {

namespace {

// clang-format off
constexpr std::array kIdentifiers{
    Identifier{"isin", "ISIN", "international securities identification number", "ISO 6166", judge_isin},
    Identifier{"lei", "LEI", "legal entity identifier", "ISO 17442-1:2020", inspect_lei},
    Identifier{"cfi", "CFI", "classification of financial instruments", "ISO 10962:2021", inspect_cfi},
    Identifier{"mic", "MIC", "market identifier code", "ISO 10383:2012", inspect_mic},
    Identifier{"fisn", "FISN", "financial instrument short name", "ISO 18774", inspect_fisn},
    Identifier{"currency", "currency code", "currency code", "ISO 4217", inspect_currency},
    Identifier{"figi", "FIGI", "financial instrument global identifier", "OMG FIGI 1.2", inspect_figi},
    Identifier{"upi", "UPI", "unique product identifier", "ISO 4914:2021", inspect_upi},
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
