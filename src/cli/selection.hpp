// The options that select listings, and what else `list`, `export` and `changes` share.
#pragma once

#include "cli/command.hpp"
#include "cli/listing_output.hpp"
#include "store/query.hpp"

#include <optional>
#include <string>
#include <vector>

namespace isinfetch::cli {

struct Selection {
    std::vector<std::string> sources{};
    std::string country{};
    std::string mic{};
    std::string cfi{};
    std::string lei{};
    std::string as_of{};
};

/// --spreadsheet-safe, of commands that write CSV.
void add_spreadsheet_safe(CLI::App& command, bool& is_wanted);

/// Throws Error{usage} when it is wanted of another format than csv.
CsvCells csv_cells(bool is_wanted, std::string_view format);

void add_selection_options(CLI::App& command, Selection& selection);

/// Throws Error{usage} for a date that is none.
ListingFilter make_filter(const Selection& selection);

/// Says which of `sources` (empty: all) do not have all versions of `moment` any more.
void warn_of_pruned(Connection& store,
                    const std::vector<std::string>& sources,
                    std::optional<Timestamp> moment);

}  // namespace isinfetch::cli
