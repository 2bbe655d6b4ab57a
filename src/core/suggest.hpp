// What a wrong ISIN was probably meant to be.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace isinfetch {

struct Suggestion {
    std::string isin{};
    std::string slip{};  ///< how the text came from it, for people: "O for 0 at 9"
    unsigned cost = 0;   ///< how unlikely the slip is: the smaller, the likelier
    bool known = false;  ///< somebody lists it
    std::string name{};  ///< there, UTF-8; may be empty
};

/// Those of these ISINs that a store has, with the names of their instruments.
using KnownIsins = std::map<std::string, std::string, std::less<>>;
using KnownAmong = std::function<KnownIsins(const std::vector<std::string>& isins)>;

/// Right ISINs from which `text` comes by one slip: blanks and case, characters that look alike (up
/// to two), a wrong check digit, neighbours swapped, a key beside, a character too many or missing,
/// something around it. Known ones first, then by likelihood, which the national number inside
/// raises or lowers; slips that explain nearly anything are proposed only where the national number
/// or the store bears them out. None for a text that is right. `known` may be empty. Only the first
/// 200 bytes of `text` are looked at.
std::vector<Suggestion> suggest(std::string_view text,
                                const KnownAmong& known = {},
                                std::size_t limit = 8);

}  // namespace isinfetch
