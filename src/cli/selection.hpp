// The options that select listings, shared by `list` and `export`.
#pragma once

#include "cli/command.hpp"
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

void add_selection_options(CLI::App& command, Selection& selection);

/// Throws Error{usage} for a date that is none.
ListingFilter make_filter(const Selection& selection);

/// Says which of `sources` (empty: all) do not have all versions of `moment` any more.
void warn_of_pruned(Connection& store,
                    const std::vector<std::string>& sources,
                    std::optional<Timestamp> moment);

}  // namespace isinfetch::cli
