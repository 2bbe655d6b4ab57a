// How much a packed file may unpack to.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace isinfetch {

struct OpenLimits {
    std::uint64_t max_bytes = 20'000'000'000;  ///< unpacked
    double max_ratio = 200;                    ///< unpacked to packed; FIRDS needs 35
};

/// Counts unpacked bytes against the limits.
class Meter {
public:
    /// `name` is for messages.
    Meter(std::string name, std::uint64_t packed_bytes, const OpenLimits& limits);

    /// Gives the number back. Throws Error{data} when a limit is broken.
    std::size_t count(std::size_t bytes);

    const std::string& name() const noexcept { return name_; }

    /// Throws Error{data}; null: nobody knows why.
    [[noreturn]] void damaged(const char* why) const;

private:
    std::string name_;
    OpenLimits limits_;
    std::uint64_t packed_;
    std::uint64_t taken_ = 0;
};

}  // namespace isinfetch
