#include "core/record.hpp"

#include "util/text.hpp"

namespace isinfetch {

namespace {

constexpr std::array<FieldInfo, kFieldCount> kFields{{
    {"isin", false, "the ISIN (ISO 6166); the only column that a format must have"},
    {"venue", false, "what tells rows of one ISIN apart where there is no MIC"},
    {"mic", false, "market identifier code (ISO 10383) of the venue"},
    {"name", false, "name of the instrument or its issuer"},
    {"symbol", false, "ticker, trading code"},
    {"fisn", false, "financial instrument short name (ISO 18774)"},
    {"cfi", false, "classification (ISO 10962)"},
    {"currency", false, "currency code (ISO 4217) or the publisher's word for it"},
    {"lei", false, "legal entity identifier of the issuer (ISO 17442)"},
    {"national_id", false, "national number: WKN, Valor, SEDOL, registration number"},
    {"first_trade", true, "first day of trading or listing"},
    {"termination", true, "last day of trading"},
    {"maturity", true, "maturity of a debt instrument"},
    {"status", false, "state in the publisher's own words"},
}};

}  // namespace

std::span<const FieldInfo, kFieldCount> field_table() noexcept {
    return kFields;
}

Difference compare(const Listing& left, const Listing& right) noexcept {
    if (left == right) {
        return Difference::none;
    }
    for (std::size_t i = 0; i < kFieldCount; ++i) {
        if (!same_but_for_looks(left.fields[i], right.fields[i])) {
            return Difference::real;
        }
    }
    return same_but_for_looks(left.other, right.other) ? Difference::cosmetic : Difference::real;
}

}  // namespace isinfetch
