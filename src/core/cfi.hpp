// Classification of Financial Instruments, ISO 10962. The facts are in cfi.tsv.
#pragma once

#include "core/defect.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace isinfetch {

/// Six capital letters: a category, a group of it, four attributes that the group gives a meaning.
/// X stands for an attribute that is not applicable or not known, never for a category or group.
/// Defect::unknown says at which letter the code leaves the list: 0 category, 1 group, 2 to 5
/// attribute. Codes of every edition since 2015 are good, and those equities of 2001 that lists
/// still carry; which letter came when is said in cfi.tsv.
/// Source: ISO 10962:2021 §4, and the code lists of its registration authority.
Inspection inspect_cfi(std::string_view text) noexcept;

struct CfiAttribute {
    std::string_view name{};   ///< "vote", "form" …
    std::string_view value{};  ///< "bearer" …
};

/// Meanings, in English; empty for what the list does not have. One or two letters will do.
std::string_view cfi_category(std::string_view code) noexcept;
std::string_view cfi_group(std::string_view code) noexcept;

/// What the attribute `number`, 1 to 4, of a whole code means; empty for X and for unknown letters.
CfiAttribute cfi_attribute(std::string_view code, std::size_t number) noexcept;

/// "equities, common or ordinary shares"; only the category where the group is unknown, "" where
/// both are.
std::string describe_cfi(std::string_view code);

}  // namespace isinfetch
