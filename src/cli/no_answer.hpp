// Why a question to the store has no answer: said, lest silence is taken for one.
#pragma once

#include "store/query.hpp"
#include "util/time.hpp"

#include <optional>
#include <string>
#include <vector>

namespace isinfetch::cli {

/// Throws Error{gone} when none of `sources` (empty: of all) had a list at `moment` yet; warns of
/// those that are named and had none, and of a moment that lies ahead.
void require_list_at(Connection& store,
                     const std::vector<std::string>& sources,
                     std::optional<Timestamp> moment);

/// For a selection that no listing satisfies: warns of the condition that none satisfies even
/// alone, with what is stored and similar, or says that it is all of them together.
void explain_nothing(Connection& store, const ListingFilter& filter);

}  // namespace isinfetch::cli
