// Which records of a list are wanted: by classification, venue, country, authority. Pure.
#pragma once

#include "core/record.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace isinfetch {

/// What `select:` says. Each list names alternatives, and a record must fit all lists; an empty
/// list leaves everything in.
struct RecordSelection {
    std::vector<std::string> cfi{};        ///< beginnings of the CFI code: "E", "ES"
    std::vector<std::string> mic{};        ///< venues, ISO 10383
    std::vector<std::string> country{};    ///< first two letters of the ISIN
    std::vector<std::string> authority{};  ///< competent authority, by its country

    bool empty() const noexcept {
        return cfi.empty() && mic.empty() && country.empty() && authority.empty();
    }
};

/// How much of a record fits.
enum class Fit {
    all,
    key,   ///< ISIN and venue do; what else it says does not, or it does not say
    none,  ///< its key does not, whatever is said of it later
};

/// The column that says which authority is competent, among RawRecord::others.
inline constexpr std::string_view kAuthorityColumn = "competent_authority";

/// `authority` is the text of kAuthorityColumn, empty where there is none.
Fit fit(const RecordSelection& selection,
        const Listing& listing,
        std::string_view authority) noexcept;

/// Can a file hold wanted records when all CFI codes in it begin with `group`? Empty: any codes.
bool may_hold(const RecordSelection& selection, std::string_view group) noexcept;

}  // namespace isinfetch
