#include "core/isin_verdict.hpp"

#include "core/figi.hpp"
#include "core/prefix.hpp"
#include "core/upi.hpp"

namespace isinfetch {

namespace {

constexpr std::array<IsinWarningInfo, 6> kWarnings{{
    {IsinWarning::withdrawn_prefix, "withdrawn prefix", "the prefix was withdrawn by ISO 3166"},
    {IsinWarning::practice_prefix, "unofficial prefix", "the prefix is used but never assigned"},
    {IsinWarning::unknown_prefix, "unknown prefix", "nobody assigns the prefix"},
    {IsinWarning::placeholder, "placeholder", "stands for a security without an ISIN"},
    {IsinWarning::figi, "FIGI-shaped", "has the form of a FIGI"},
    {IsinWarning::upi, "UPI-shaped", "has the form of a UPI (ISO 4914)"},
}};

/// "SSDF" and a number: Euronext's underlyings of single-stock dividend futures, in FIRDS.
bool is_pseudo_underlying(std::string_view text) noexcept {
    return text.starts_with("SSDF") &&
           text.find_first_not_of("0123456789", 4) == std::string_view::npos;
}

void add_prefix_warning(std::string_view text, IsinWarnings& warnings) noexcept {
    const Prefix* prefix = find_prefix(text.substr(0, 2));
    if (prefix == nullptr || prefix->category > PrefixClass::historic) {
        warnings.add(IsinWarning::unknown_prefix);
    } else if (prefix->category == PrefixClass::historic) {
        warnings.add(IsinWarning::withdrawn_prefix);
    } else if (prefix->category == PrefixClass::practice) {
        warnings.add(IsinWarning::practice_prefix);
    }
}

}  // namespace

Inspection judge_isin(std::string_view text) noexcept {
    const Inspection form = Isin::inspect(text);
    if (form.good() && !is_accepted_prefix(text.substr(0, 2))) {
        return {Defect::unknown_prefix, 0};
    }
    return form;
}

std::span<const IsinWarningInfo> isin_warning_table() noexcept {
    return kWarnings;
}

IsinWarnings isin_warnings(std::string_view text) noexcept {
    IsinWarnings warnings;
    add_prefix_warning(text, warnings);
    if (is_placeholder(text) || is_pseudo_underlying(text)) {
        warnings.add(IsinWarning::placeholder);
    }
    if (looks_like_figi(text)) {
        warnings.add(IsinWarning::figi);
    }
    if (looks_like_upi(text)) {
        warnings.add(IsinWarning::upi);
    }
    return warnings;
}

}  // namespace isinfetch
