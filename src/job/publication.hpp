// What the files of a publication must be, and by what it is judged. Pure.
#pragma once

#include "config/config.hpp"
#include "discover/sets.hpp"
#include "parse/format.hpp"
#include "store/state.hpp"

namespace isinfetch {

/// A file must be what its name and its place in the index say: throws Error{protocol} for another
/// message, Error{data} for another day. Formats without a header say nothing of themselves.
void check_header(const FileHeader& header, const Publication& publication, const FileRecord& file);

/// A delta may be short, or empty: only a full list is measured by its size.
Guards guards_for(const Publication& publication, Guards guards);

}  // namespace isinfetch
