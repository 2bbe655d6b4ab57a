// Dates as publishers write them, made YYYY-MM-DD. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace isinfetch {

/// How to read 03/04/2025; the publisher's habit, declared per source.
enum class DateOrder { day_month, month_day };

/// "2025-04-03", "20250403", "03.04.2025", "03/04/2025", "3-Apr-25", "03-APR-2025", each also with
/// a time behind it, which is dropped. Two-digit years: 70 to 99 are 19xx. None when it is no date
/// of the calendar.
std::optional<std::string> parse_date(std::string_view text, DateOrder order);

/// Of YYYY-MM-DD, as such; none when it is no date of the calendar.
std::optional<std::string> day_before(std::string_view date);

}  // namespace isinfetch
