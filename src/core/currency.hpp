// Currency codes, ISO 4217, and what markets write instead. The facts are in currencies.tsv.
#pragma once

#include "core/defect.hpp"

#include <cstdint>
#include <string_view>

namespace isinfetch {

enum class CurrencyClass : std::uint8_t {
    current,   ///< in force
    fund,      ///< unit of account, metal, for tests, none (XXX)
    historic,  ///< withdrawn; securities and their prices keep such a code
    market,    ///< assigned by nobody: GBX, ILA, ZAc, CNH, RMB …
};

struct Currency {
    std::string_view code;
    CurrencyClass category;
    std::string_view
        base;  ///< what took its place (historic), what it is a part of (market), or ""
    std::uint32_t divisor;     ///< how many make one of the base: 100 for GBX, else 1
    std::string_view meaning;  ///< UTF-8
};

/// null when nothing is known of it. Case counts: GBp is pence, gbp is nothing.
const Currency* find_currency(std::string_view code) noexcept;

/// Three capital letters that are a code, in force or not, or a word of the markets. Which of them
/// is find_currency()'s business: for a list, GBX and DEM are right.
/// Source: ISO 4217:2015 lists one and three, amendments until 2026.
Inspection inspect_currency(std::string_view text) noexcept;

}  // namespace isinfetch
