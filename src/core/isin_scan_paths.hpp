// What the ways of isin_scan.hpp share.
#pragma once

#include "core/isin_scan.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace isinfetch {

/// The prefixes that need no closer look, by both letters: 1 or 0.
class PlainPrefixes {
public:
    static const PlainPrefixes& table() noexcept;

    /// REQUIRES: two letters; for other bytes the answer means nothing.
    unsigned operator()(const char* text) const noexcept { return plain_[place(text)]; }

private:
    PlainPrefixes() noexcept;

    static std::size_t place(const char* text) noexcept {
        const auto low = [](char character) {
            return static_cast<std::size_t>(static_cast<unsigned char>(character) & 31U);
        };
        return low(text[0]) << 5U | low(text[1]);
    }

    std::array<std::uint8_t, 1024> plain_{};
};

std::size_t good_lines_portable(std::string_view text) noexcept;

/// Four lines at a time in AVX2 registers.
bool has_avx2() noexcept;
std::size_t good_lines_avx2(std::string_view text) noexcept;

}  // namespace isinfetch
