// What is known of the two letters that begin an ISIN. The facts are in prefixes.tsv.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace isinfetch {

/// Who gave a prefix its meaning; prefixes.tsv says it at more length.
enum class PrefixClass : std::uint8_t {
    country,   ///< ISO 3166-1
    special,   ///< ISO 6166 or its registration authority
    practice,  ///< nobody, but in use between institutions
    historic,  ///< ISO 3166-3: withdrawn
    seen,      ///< nobody, but in published lists
    internal,  ///< within institutions, never to be published
    other,     ///< begins another identifier than an ISIN
};

/// What stands in the nine characters after the prefix (the NSIN), where that can be checked:
/// core/national_lint.hpp.
enum class NsinRule : std::uint8_t {
    none,
    cusip,         ///< CUSIP or CINS, whole
    cins,          ///< CINS, where the NSIN begins with the CINS letter of the region
    sedol,         ///< two zeros and a SEDOL
    sedol_letter,  ///< the same, where the SEDOL begins with a letter
    common_code,
    il,      ///< Israeli security number
    dk,      ///< Danish fund code
    svm,     ///< Belgian SVM number
    wkn,     ///< zeros and a Wertpapierkennnummer
    valor,   ///< zeros and a Valorennummer
    dti,     ///< ISO 24165
    digits,  ///< digits only
};

struct Prefix {
    std::string_view code;
    PrefixClass category;
    NsinRule nsin;
    std::string_view meaning;  ///< UTF-8
    std::string_view source;   ///< of the fact
};

/// All prefixes, in the order of their codes.
std::span<const Prefix> prefix_table() noexcept;

/// null when nothing is known of it.
const Prefix* find_prefix(std::string_view code) noexcept;

/// May an ISIN begin with it, in strict eyes? Countries, present and withdrawn, special codes and
/// those of practice. Others occur in official lists all the same: there they are a warning only.
bool is_accepted_prefix(std::string_view code) noexcept;

/// Does it come from ISO 3166-1, or from ISO 6166 and its registration authority?
bool is_assigned_prefix(std::string_view code) noexcept;

}  // namespace isinfetch
