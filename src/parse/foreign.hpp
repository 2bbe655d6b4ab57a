// What a file is that is not what was expected: web pages, packed files, other formats.
#pragma once

#include <string_view>

namespace isinfetch {

/// "HTML", "a zip file" …: what a file that begins so is known to be; empty when it is not known.
/// A byte order mark must be gone.
std::string_view foreign_format(std::string_view beginning);

}  // namespace isinfetch
