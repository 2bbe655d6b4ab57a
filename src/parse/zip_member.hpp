// Which of the files in an archive is the list. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace isinfetch {

/// What is wanted of an archive.
struct Member {
    std::string pattern{};  ///< of its path or of its last part (matches_pattern); empty: the list
    std::string format{};   ///< of the list: its ending decides among several; empty: not known
};

/// The place of the list in `names`, paths as the archive has them, folders ending in '/'. Without
/// a pattern, what goes with lists (a readme, terms, schemas, hidden files) is passed over. Throws
/// Error{data} when there is no file, Error{protocol} when there are several or none is like the
/// pattern.
std::size_t choose_member(const std::vector<std::string>& names, const Member& wanted);

}  // namespace isinfetch
