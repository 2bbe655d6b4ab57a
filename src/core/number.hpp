// Numbers as publishers write them, made digits with a decimal point. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace isinfetch {

/// What stands before the fraction; the other one may part thousands.
enum class DecimalMark { point, comma };

/// "1234.5" of "1,234.5", "1 234,50" (as "1234.50") or "1'234.5". Thousands may be parted by
/// blanks, no-break spaces, apostrophes, and the mark that is not the decimal one; lakhs, too:
/// "1,00,000". None when it is no number, or its groups are none: "1,5" where the mark is a point.
std::optional<std::string> plain_number(std::string_view text, DecimalMark mark);

}  // namespace isinfetch
