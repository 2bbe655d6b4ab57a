// Rows as PostgreSQL's COPY reads them. Pure.
#pragma once

#include "store/connection.hpp"

#include <string>

namespace isinfetch {

/// Appends the rows in the text format of COPY: tabs between columns, a line per row, \N for NULL.
/// Text that no server takes (NUL, what is not UTF-8) gets U+FFFD in its place.
void append_copy_text(const RowBatch& rows, std::string& out);

/// The same for a parameter of a statement: false when `text` can be sent as it is, else `out` is
/// what to send in its place.
bool mend_text(std::string_view text, std::string& out);

}  // namespace isinfetch
