// Many ISINs, one per line: how long is the run of lines that need no closer look? What files of
// millions of lines are read with; judge_isin() and isin_warnings() say the rest.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace isinfetch {

/// The length of a line of a list: an ISIN and LF.
inline constexpr std::size_t kIsinLine = 13;

/// One way to count; all give the same answer.
struct IsinScan {
    std::string_view name;
    bool (*available)() noexcept;  ///< on this processor

    /// The number of leading lines that are a right ISIN, free of warnings, and LF. It may stop
    /// early before a line that is right (its prefix asks for a closer look), never late.
    std::size_t (*good_lines)(std::string_view text) noexcept;
};

/// The portable one first, then quicker ones.
std::span<const IsinScan> isin_scans() noexcept;

/// The quickest that this processor has.
const IsinScan& best_isin_scan() noexcept;

}  // namespace isinfetch
