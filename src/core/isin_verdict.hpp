// What strict eyes say of a text that should be an ISIN: right or not, and what is odd about a
// right one. Used wherever one is judged for a person: check, run, the scan of big files.
#pragma once

#include "core/isin.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace isinfetch {

/// Isin::inspect(), and a prefix that somebody assigns or uses (is_accepted_prefix).
Inspection judge_isin(std::string_view text) noexcept;

/// What is odd about a text that passes Isin::inspect(). A warning never refuses a record.
enum class IsinWarning : std::uint8_t {
    withdrawn_prefix,  ///< of a country that is no more
    practice_prefix,   ///< in use between institutions, assigned by nobody
    unknown_prefix,    ///< assigned by nobody: an error to strict eyes
    placeholder,       ///< stands for "no ISIN" or for an underlying without one
    figi,              ///< has the form of a FIGI
    upi,               ///< has the form of a UPI (ISO 4914)
};

struct IsinWarningInfo {
    IsinWarning warning;
    std::string_view name;     ///< for reports and programs
    std::string_view summary;  ///< for people
};

/// In the order of IsinWarning.
std::span<const IsinWarningInfo> isin_warning_table() noexcept;

/// Some of the warnings, as a set.
class IsinWarnings {
public:
    void add(IsinWarning warning) noexcept {
        bits_ = static_cast<std::uint8_t>(bits_ | bit(warning));
    }
    bool has(IsinWarning warning) const noexcept { return (bits_ & bit(warning)) != 0; }
    bool empty() const noexcept { return bits_ == 0; }

private:
    static constexpr unsigned bit(IsinWarning warning) noexcept {
        return 1U << static_cast<unsigned>(warning);
    }

    std::uint8_t bits_ = 0;
};

/// REQUIRES: Isin::inspect(text).good()
IsinWarnings isin_warnings(std::string_view text) noexcept;

}  // namespace isinfetch
