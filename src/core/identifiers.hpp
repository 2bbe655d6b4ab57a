// The ISIN and the identifiers beside it that can be inspected: one table.
#pragma once

#include "core/defect.hpp"

#include <span>
#include <string_view>

namespace isinfetch {

struct Identifier {
    std::string_view name;    ///< "cusip": for options and programs
    std::string_view noun;    ///< "CUSIP": in messages
    std::string_view title;   ///< "CUSIP and CINS number"
    std::string_view source;  ///< of its rules
    Inspection (*inspect)(std::string_view text) noexcept;
};

/// All of them, in the order of the manual.
std::span<const Identifier> identifiers() noexcept;

/// null when there is none of that name.
const Identifier* find_identifier(std::string_view name) noexcept;

}  // namespace isinfetch
