// Names described by patterns, as shells do.
#pragma once

#include <string_view>

namespace isinfetch {

/// Is `text` what the pattern describes, in which * is any text and ? any byte? ASCII letters of
/// either case are the same.
bool matches_pattern(std::string_view text, std::string_view pattern) noexcept;

}  // namespace isinfetch
