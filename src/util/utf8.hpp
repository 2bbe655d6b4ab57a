// Characters as UTF-8.
#pragma once

#include <string>

namespace isinfetch {

/// Appends a character; a surrogate, or what is behind U+10FFFF, as U+FFFD.
void append_utf8(char32_t character, std::string& text);

}  // namespace isinfetch
