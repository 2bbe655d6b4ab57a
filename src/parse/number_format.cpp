#include "parse/number_format.hpp"

#include "util/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <optional>

namespace isinfetch {

namespace {

constexpr std::int64_t kSecondsOfDay = 86'400;
constexpr std::int64_t kLastDay = 2'958'465;  // 9999-12-31, counting from 1900

/// What a code consists of that says whether it shows a date or a time.
struct Letters {
    bool date = false;    ///< y or d
    bool time = false;    ///< h or s
    bool m = false;       ///< month or minute
    bool number = false;  ///< 0, # or ?
};

/// The place behind what is shown as it is: "text", [colour], \x, _x, *x. A time that has passed,
/// [h], is a time.
std::size_t skip_literal(std::string_view code, std::size_t at, Letters& letters) noexcept {
    switch (code[at]) {
        case '"':
            return std::min(code.find('"', at + 1), code.size() - 1) + 1;
        case '[': {
            const char first = at + 1 < code.size() ? code[at + 1] : ']';
            letters.time = letters.time || first == 'h' || first == 's' || first == 'm';
            return std::min(code.find(']', at), code.size() - 1) + 1;
        }
        case '\\':
        case '_':
        case '*':
            return at + 2;
        default:
            return at;
    }
}

/// The length of "am/pm" or "a/p", when the code begins with it.
std::size_t half_day_length(std::string_view code) noexcept {
    for (const std::string_view half_day : {"am/pm", "a/p"}) {
        if (code.starts_with(half_day)) {
            return half_day.size();
        }
    }
    return 0;
}

void read_letter(char letter, Letters& letters) noexcept {
    letters.date = letters.date || letter == 'y' || letter == 'd';
    letters.time = letters.time || letter == 'h' || letter == 's';
    letters.m = letters.m || letter == 'm';
    letters.number = letters.number || letter == '0' || letter == '#' || letter == '?';
}

/// Of the first section: the others are for negative numbers, zero and text. `code` is lower case.
Letters read_letters(std::string_view code) noexcept {
    Letters letters;
    std::size_t at = 0;
    while (at < code.size() && code[at] != ';') {
        const std::size_t behind = skip_literal(code, at, letters);
        const std::size_t half_day = half_day_length(code.substr(at));
        if (behind != at) {
            at = behind;
        } else if (half_day > 0) {
            letters.time = true;
            at += half_day;
        } else {
            read_letter(code[at++], letters);
        }
    }
    return letters;
}

std::optional<double> parse_number(std::string_view text) noexcept {
    double value = 0;
    const char* end = text.data() + text.size();
    const auto [stop, failure] = std::from_chars(text.data(), end, value);
    const bool is_whole = failure == std::errc{} && stop == end && std::isfinite(value);
    return is_whole ? std::optional(value) : std::nullopt;
}

/// Counting from 1900, where 1900-02-29 is a day, because it was one for Lotus 1-2-3.
std::string show_day(std::int64_t day) {
    using namespace std::chrono;
    constexpr std::int64_t kNoSuchDay = 60;
    constexpr sys_days kBeforeMarch = year{1899} / December / 30;
    const std::int64_t since = day < kNoSuchDay ? day + 1 : day;
    const year_month_day date = kBeforeMarch + days{since};
    return fmt::format("{:04}-{:02}-{:02}",
                       static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()),
                       static_cast<unsigned>(date.day()));
}

/// False when there is no such day.
bool show_moment(double number, NumberKind kind, DateSystem system, std::string& text) {
    constexpr double kDaysBetween = 1462;
    const double value = number + (system == DateSystem::from_1904 ? kDaysBetween : 0);
    if (value < 0 || value >= static_cast<double>(kLastDay + 1)) {
        return false;
    }
    const auto seconds = static_cast<std::int64_t>(std::llround(value * kSecondsOfDay));
    const std::int64_t day = seconds / kSecondsOfDay;
    const std::int64_t time = seconds % kSecondsOfDay;
    if (number < 1 && kind != NumberKind::date) {
        text += fmt::format("{:02}:{:02}:{:02}", time / 3600, time / 60 % 60, time % 60);
        return true;
    }
    if (day == 0 || day > kLastDay) {
        return false;
    }
    text += show_day(day);
    if (time != 0 && kind != NumberKind::date) {
        text += fmt::format(" {:02}:{:02}:{:02}", time / 3600, time / 60 % 60, time % 60);
    }
    return true;
}

/// Without exponent as far as a workbook's 15 digits go.
std::string show_plain(double value, std::uint8_t digits) {
    constexpr double kAllDigits = 1e15;
    if (value == std::trunc(value) && std::abs(value) < kAllDigits) {
        return fmt::format("{:0{}}", static_cast<std::int64_t>(value), digits);
    }
    return fmt::format("{:.15g}", value);
}

}  // namespace

NumberStyle built_in_style(std::uint64_t number) noexcept {
    struct Range {
        std::uint64_t from;
        std::uint64_t to;
        NumberKind kind;
    };
    constexpr std::array kRanges{
        Range{14, 17, NumberKind::date},
        Range{18, 21, NumberKind::time},
        Range{22, 22, NumberKind::date_time},
        Range{27, 31, NumberKind::date},
        Range{32, 33, NumberKind::time},
        Range{34, 35, NumberKind::date_time},
        Range{36, 36, NumberKind::date},
        Range{45, 47, NumberKind::time},
        Range{50, 54, NumberKind::date},
        Range{55, 56, NumberKind::date_time},
        Range{57, 58, NumberKind::date},
    };
    for (const Range& range : kRanges) {
        if (range.from <= number && number <= range.to) {
            return {.kind = range.kind};
        }
    }
    return {};
}

NumberStyle style_of_code(std::string_view code) noexcept {
    constexpr std::size_t kMostDigits = 15;
    const std::string small = lower(code);
    if (small == "general") {
        return {};
    }
    if (small.size() > 1 && small.size() <= kMostDigits &&
        small.find_first_not_of('0') == std::string::npos) {
        return {.digits = static_cast<std::uint8_t>(small.size())};
    }
    const Letters letters = read_letters(small);
    const bool is_date = letters.date || (letters.m && !letters.time && !letters.number);
    if (is_date) {
        return {.kind = letters.time ? NumberKind::date_time : NumberKind::date};
    }
    return {.kind = letters.time ? NumberKind::time : NumberKind::plain};
}

void show_number(std::string_view number, NumberStyle style, DateSystem system, std::string& text) {
    const auto value = parse_number(trim(number));
    if (!value) {
        text += number;
        return;
    }
    show_number(*value, style, system, text);
}

void show_number(double number, NumberStyle style, DateSystem system, std::string& text) {
    if (style.kind == NumberKind::plain || !show_moment(number, style.kind, system, text)) {
        text += show_plain(number, style.digits);
    }
}

}  // namespace isinfetch
