// One line at the bottom of a terminal that says what is going on. Belongs to util/log: both write
// to standard error.
#pragma once

#include <string_view>

namespace isinfetch {

/// Keeps `text`, which must fit, on the last line of the terminal that standard error is, below the
/// lines that are logged meanwhile; the next call replaces it, an empty text takes it away.
void show_status(std::string_view text);

}  // namespace isinfetch
