// A listing as one piece of bytes: for sorting and for the file in between.
#pragma once

#include "core/record.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace isinfetch {

/// Appends `listing`: the number of bytes that follow, the ISIN, then each further field after its
/// length, then event and validity. Throws Error{internal} unless the ISIN is twelve of [A-Z0-9].
void pack(const Listing& listing, std::string& bytes);

/// How long the packed listing is that `bytes` begin with; 0 when they are too short to tell.
std::size_t packed_size(std::string_view bytes) noexcept;

/// The ISIN as a number that sorts like its text; `packed` begins with a packed listing.
std::uint64_t packed_isin(std::string_view packed) noexcept;

std::string_view packed_venue(std::string_view packed) noexcept;

/// Strings of `listing` keep their memory.
void unpack(std::string_view packed, Listing& listing);

}  // namespace isinfetch
