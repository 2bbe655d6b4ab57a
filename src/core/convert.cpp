#include "core/convert.hpp"

#include "core/check_digit.hpp"
#include "core/cusip.hpp"
#include "core/identifiers.hpp"
#include "core/isin.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace isinfetch {

namespace {

constexpr std::size_t kNsinLength = 9;

constexpr std::array kCusipRules{NsinRule::cusip, NsinRule::cins};
constexpr std::array kSedolRules{NsinRule::sedol, NsinRule::sedol_letter};
constexpr std::array kWknRules{NsinRule::wkn};
constexpr std::array kValorRules{NsinRule::valor};
constexpr std::array kCommonCodeRules{NsinRule::common_code};
constexpr std::array kDtiRules{NsinRule::dti};

constexpr std::array kNumbers{
    NumberInIsin{"cusip", "US", kCusipRules, 0},
    NumberInIsin{"sedol", "GB", kSedolRules, 2},
    NumberInIsin{"wkn", "DE", kWknRules, 3},
    NumberInIsin{"valor", "CH", kValorRules, 0},
    NumberInIsin{"common-code", "XS", kCommonCodeRules, 0},
    NumberInIsin{"dti", "XT", kDtiRules, 0},
};

const Identifier& identifier_of(const NumberInIsin& number) noexcept {
    return *find_identifier(number.name);
}

/// "a US", "an XS": as the first letter is spoken.
std::string with_article(std::string_view code) {
    const bool vowel = std::string_view("AEFHILMNORSX").find(code[0]) != std::string_view::npos;
    return fmt::format("{} {}", vowel ? "an" : "a", code);
}

std::string explain(const Inspection& inspection) {
    const std::string_view what = describe(inspection.defect);
    if (inspection.defect == Defect::character) {
        return fmt::format("{} at position {}", what, inspection.position + 1);
    }
    if (inspection.expected != '\0') {
        return fmt::format("{}, {} would be right", what, inspection.expected);
    }
    return std::string(what);
}

/// Empty when it is an ISIN.
std::string complaint_about_isin(std::string_view isin) {
    if (Isin::parse(isin)) {
        return "";
    }
    if (isin.size() != 12) {
        return "no ISIN: wrong length";
    }
    const auto digit = isin_check_digit(isin.substr(0, 11));
    const bool has_prefix = is_capital_letter(isin[0]) && is_capital_letter(isin[1]);
    if (!digit || !has_prefix || !is_digit(isin.back())) {
        return "no ISIN: wrong character";
    }
    return fmt::format("no ISIN: wrong check digit, {} would be right", *digit);
}

std::string complaint_about_prefix(std::string_view code, const NumberInIsin& number) {
    const auto* const other = std::ranges::find_if(
        kNumbers, [&](const NumberInIsin& entry) { return may_hold(code, entry); });
    const std::string_view noun = identifier_of(number).noun;
    if (other == kNumbers.end()) {
        return fmt::format("{} ISIN holds no {}", with_article(code), noun);
    }
    return fmt::format(
        "{} ISIN holds a {}, not a {}", with_article(code), identifier_of(*other).noun, noun);
}

/// Panama is the one such country whose ISINs also hold numbers of the United States
/// (PA1436583006, Carnival).
std::string complaint_about_cins(std::string_view cusip, std::string_view country) {
    const char letter = cins_letter(country);
    if (cusip.front() == letter || (country == "PA" && is_digit(cusip.front()))) {
        return "";
    }
    return fmt::format("a CUSIP of {} begins with {}", country, letter);
}

/// Ireland's own numbers have letters behind the first character.
std::string complaint_about_irish(std::string_view sedol) {
    if (is_capital_letter(sedol.front()) || std::ranges::all_of(sedol, is_digit)) {
        return "";
    }
    return "a SEDOL with letters begins with one";
}

/// Why a number that satisfies its own rules is none of that country; empty when it may be.
std::string complaint_about_country(std::string_view text, std::string_view country) {
    const NsinRule rule = find_prefix(country)->nsin;
    if (rule == NsinRule::cins) {
        return complaint_about_cins(text, country);
    }
    return rule == NsinRule::sedol_letter ? complaint_about_irish(text) : "";
}

/// The number in the nine characters of an ISIN; a Valor has no zeros of its own.
std::string_view without_zeros(std::string_view nsin, const NumberInIsin& number) noexcept {
    if (number.name == "valor") {
        return nsin.substr(std::min(nsin.find_first_not_of('0'), nsin.size() - 1));
    }
    return nsin.substr(number.zeros);
}

Conversion refused(std::string reason) {
    return {.error = std::move(reason)};
}

}  // namespace

std::span<const NumberInIsin> numbers_in_isins() noexcept {
    return kNumbers;
}

const NumberInIsin* find_number_in_isin(std::string_view name) noexcept {
    const auto* const found = std::ranges::find(kNumbers, name, &NumberInIsin::name);
    return found == kNumbers.end() ? nullptr : found;
}

bool may_hold(std::string_view prefix, const NumberInIsin& number) noexcept {
    const Prefix* known = find_prefix(prefix);
    return known != nullptr && std::ranges::find(number.rules, known->nsin) != number.rules.end();
}

Conversion number_from_isin(std::string_view isin, const NumberInIsin& number) {
    if (std::string complaint = complaint_about_isin(isin); !complaint.empty()) {
        return refused(std::move(complaint));
    }
    const std::string_view country = isin.substr(0, 2);
    if (!may_hold(country, number)) {
        return refused(complaint_about_prefix(country, number));
    }
    const std::string_view nsin = isin.substr(2, kNsinLength);
    const std::string_view text = without_zeros(nsin, number);
    const Identifier& identifier = identifier_of(number);
    if (nsin.find_first_not_of('0') < number.zeros) {
        return refused(fmt::format("its number {} is no {}: it does not begin with {:0>{}}",
                                   nsin,
                                   identifier.noun,
                                   "",
                                   number.zeros));
    }
    const Inspection inspection = identifier.inspect(text);
    const std::string complaint =
        inspection.good() ? complaint_about_country(text, country) : explain(inspection);
    if (!complaint.empty()) {
        return refused(fmt::format("its number {} is no {}: {}", text, identifier.noun, complaint));
    }
    return {.text = std::string(text)};
}

Conversion isin_from_number(std::string_view text,
                            const NumberInIsin& number,
                            std::string_view country) {
    const Identifier& identifier = identifier_of(number);
    if (const Inspection inspection = identifier.inspect(text); !inspection.good()) {
        return refused(fmt::format("no {}: {}", identifier.noun, explain(inspection)));
    }
    if (country.empty()) {
        if (number.name == "cusip" && is_cins(text)) {
            return refused("a CINS may belong to many countries: one must be named");
        }
        country = number.home;
    }
    if (!may_hold(country, number)) {
        return refused(complaint_about_prefix(country, number));
    }
    if (std::string complaint = complaint_about_country(text, country); !complaint.empty()) {
        return refused(std::move(complaint));
    }
    std::string isin = fmt::format("{}{:0>{}}", country, text, kNsinLength);
    const auto digit = isin_check_digit(isin);
    if (!digit) {
        return refused("an ISIN has digits and letters only");
    }
    isin += *digit;
    return {.text = std::move(isin)};
}

}  // namespace isinfetch
