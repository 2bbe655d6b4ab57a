// Why no line of a text names the columns, as far as that can be told.
#pragma once

#include "parse/format.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace isinfetch {

/// What may stand between the cells of delimited text, where none is configured, in the order of
/// trial.
std::span<const char> usual_delimiters() noexcept;

/// The likely cause and its remedy, such as "csv.delimiter is ';', but line 1 has ','"; "" when
/// nothing is likely. `lines` are the first ones, as in the file. Throws what HeaderFinder does.
std::string explain_missing_header(const std::vector<std::string>& lines,
                                   const ParseOptions& options);

}  // namespace isinfetch
