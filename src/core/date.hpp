// Dates as publishers write them, made YYYY-MM-DD. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace isinfetch {

/// How to read 03/04/25; the publisher's habit, declared per source.
enum class DateOrder { day_month, month_day, year_month };

/// Two-digit years from here on are 19xx, those before it 20xx.
inline constexpr int kCentury = 70;

/// The same of days that are past: when something was listed.
inline constexpr int kPastCentury = 50;

/// "2025-04-03", "20250403", "03.04.2025", "03/04/25", "3-Apr-25", "3 April 2025", "April 3, 2025",
/// "45750" (days as Excel counts them), each also with a time behind it, which is dropped. Months
/// by their names in English, Portuguese, Spanish, German, French and Italian. Four digits at an
/// end are the year, whatever the order; with dots the day is first unless the year is. Two-digit
/// years: those from `century` on are 19xx. None when it is no date of the calendar.
std::optional<std::string> parse_date(std::string_view text,
                                      DateOrder order,
                                      int century = kCentury);

/// Of YYYY-MM-DD, as such; none when it is no date of the calendar.
std::optional<std::string> day_before(std::string_view date);

}  // namespace isinfetch
