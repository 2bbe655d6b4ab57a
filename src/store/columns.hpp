// How a Listing and the Counts lie in the columns of their tables: for writing, reading and DDL.
#pragma once

#include "core/record.hpp"
#include "core/report.hpp"
#include "store/connection.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace isinfetch {

/// Columns that a Listing takes: its fields and `other`.
inline constexpr int kListingColumns = static_cast<int>(kFieldCount) + 1;

/// "isin, venue, mic, …, other", each name after `prefix`: "l." for a table named l.
std::string listing_columns(std::string_view prefix = {});

/// From the columns that begin with `first`. Strings of `listing` keep their memory.
void read_listing(const Cursor& cursor, int first, Listing& listing);

/// "seen, accepted, …", each name after `prefix`.
std::string count_columns(std::string_view prefix = {});

Counts read_counts(const Cursor& cursor, int first);

}  // namespace isinfetch
