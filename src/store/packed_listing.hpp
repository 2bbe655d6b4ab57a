// A listing as one piece of bytes: for sorting and for the file in between.
#pragma once

#include "core/record.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

namespace isinfetch {

/// Numbers that stand for the names of columns, which are the same in every record.
class ColumnNumbers {
public:
    /// Most likely `expected`: records have their columns in the same order.
    std::size_t number_of(std::string_view name, std::size_t expected);

    const std::string& operator[](std::size_t number) const noexcept { return names_[number]; }

private:
    std::deque<std::string> names_{};
};

/// Appends `listing`: the number of bytes that follow, the ISIN, then each further field after its
/// length, event and validity, then the columns that have a text, each by its number and its text.
/// Throws Error{internal} unless the ISIN is twelve of [A-Z0-9] and Listing::other empty.
void pack(const Listing& listing, const Columns& others, ColumnNumbers& names, std::string& bytes);

/// How long the packed listing is that `bytes` begin with; 0 when they are too short to tell.
std::size_t packed_size(std::string_view bytes) noexcept;

/// The ISIN as a number that sorts like its text; `packed` begins with a packed listing.
std::uint64_t packed_isin(std::string_view packed) noexcept;

std::string_view packed_venue(std::string_view packed) noexcept;

/// Columns become the JSON of Listing::other. Strings of `listing` keep their memory.
void unpack(std::string_view packed, const ColumnNumbers& names, Listing& listing);

}  // namespace isinfetch
