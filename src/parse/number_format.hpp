// How the cells of a workbook show numbers: as they are, as dates, with leading zeros. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace isinfetch {

enum class NumberKind : std::uint8_t { plain, date, time, date_time };

struct NumberStyle {
    NumberKind kind = NumberKind::plain;
    std::uint8_t digits = 0;  ///< at least, with leading zeros; only of whole numbers

    bool operator==(const NumberStyle&) const = default;
};

/// Of a format that has a number and no code in the workbook. The meanings of 27 to 36 and 50 to 58
/// depend on the language of the program that wrote it: they are dates, times or both.
/// Source: ECMA-376-1, §18.8.30.
NumberStyle built_in_style(std::uint64_t number) noexcept;

/// Of a code such as "dd\/mm\/yyyy", "[$-409]d-mmm-yy;@", "0000" or "#,##0.00".
/// Source: ECMA-376-1, §18.8.31.
NumberStyle style_of_code(std::string_view code) noexcept;

/// From which day a workbook counts.
enum class DateSystem : std::uint8_t { from_1900, from_1904 };

/// Appends a number as people see it, but for separators and rounding: dates as YYYY-MM-DD, with
/// HH:MM:SS where the style shows a time and there is one; numbers to 15 digits, all that a
/// workbook has, so that 0.1 + 0.2 is 0.3 and 43333.0 is 43333. What is no number, or is outside of
/// the calendar (1900 to 9999), is appended as it is.
void show_number(std::string_view number, NumberStyle style, DateSystem system, std::string& text);
void show_number(double number, NumberStyle style, DateSystem system, std::string& text);

}  // namespace isinfetch
