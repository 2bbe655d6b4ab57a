// Which LEI every list gives for the issuer of one ISIN, and whether they agree: FIRDS beside
// GLEIF, above all.
#pragma once

#include "store/query.hpp"
#include "util/json.hpp"

#include <iosfwd>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace isinfetch::cli {

struct LeiClaim {
    std::string lei{};
    std::vector<std::string> sources{};  ///< that give it, each one once, by name
};

struct LeiClaims {
    std::vector<LeiClaim> leis{};  ///< by LEI
    /// Pairs of sources that have no LEI in common. A list may give several for one ISIN, as
    /// GLEIF's does: one that is the same suffices.
    std::vector<std::pair<std::string, std::string>> disagreements{};
};

/// Of the current ones among the versions of one ISIN.
LeiClaims lei_claims(std::span<const StoredListing> versions);

/// Nothing unless two sources tell of the issuer.
void write_text(std::ostream& out, const LeiClaims& claims);

/// Members "issuer_leis" and "leis_agree" (null: fewer than two sources tell) of the open object.
void write_json(JsonWriter& json, const LeiClaims& claims);

}  // namespace isinfetch::cli
