#include "core/record_selection.hpp"

#include <algorithm>

namespace isinfetch {

namespace {

bool allows(const std::vector<std::string>& wanted, std::string_view text) noexcept {
    return wanted.empty() || std::ranges::find(wanted, text) != wanted.end();
}

bool allows_beginning(const std::vector<std::string>& wanted, std::string_view text) noexcept {
    const auto begins = [&](const std::string& word) { return text.starts_with(word); };
    return wanted.empty() || std::ranges::any_of(wanted, begins);
}

}  // namespace

Fit fit(const RecordSelection& selection,
        const Listing& listing,
        std::string_view authority) noexcept {
    const bool key = allows_beginning(selection.country, listing.isin()) &&
                     allows(selection.mic, listing[Field::mic]);
    if (!key) {
        return Fit::none;
    }
    const bool rest = allows_beginning(selection.cfi, listing[Field::cfi]) &&
                      allows(selection.authority, authority);
    return rest ? Fit::all : Fit::key;
}

bool may_hold(const RecordSelection& selection, std::string_view group) noexcept {
    const auto overlaps = [&](const std::string& word) {
        return group.starts_with(word) || std::string_view(word).starts_with(group);
    };
    return selection.cfi.empty() || std::ranges::any_of(selection.cfi, overlaps);
}

}  // namespace isinfetch
