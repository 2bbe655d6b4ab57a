#include "core/date.hpp"

#include "util/text.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <chrono>
#include <vector>

namespace isinfetch {

namespace {

constexpr std::array<std::string_view, 12> kMonths{
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"};

struct Parts {
    std::string_view year;
    std::string_view month;
    std::string_view day;
};

std::optional<int> number(std::string_view text) noexcept {
    int value = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = failure == std::errc{} && end == text.data() + text.size();
    return whole && value >= 0 ? std::optional(value) : std::nullopt;
}

std::optional<int> month_number(std::string_view text) {
    const std::string small = lower(text);
    for (std::size_t i = 0; i < kMonths.size(); ++i) {
        if (small == kMonths[i]) {
            return static_cast<int>(i) + 1;
        }
    }
    return text.size() <= 2 ? number(text) : std::nullopt;
}

std::optional<int> year_number(std::string_view text) noexcept {
    const auto value = number(text);
    if (!value || text.size() == 4) {
        return value;
    }
    if (text.size() != 2) {
        return std::nullopt;
    }
    return *value >= 70 ? 1900 + *value : 2000 + *value;
}

/// Everything up to a time of day, if there is one: behind a blank, or behind the T of ISO 8601,
/// which follows a digit (that of OCT does not).
std::string_view date_part(std::string_view text) noexcept {
    text = trim(text);
    text = text.substr(0, text.find(' '));
    const std::size_t mark = text.find('T');
    const bool is_iso = mark != std::string_view::npos && mark > 0 && text[mark - 1] >= '0' &&
                        text[mark - 1] <= '9';
    return is_iso ? text.substr(0, mark) : text;
}

std::optional<Parts> split_parts(std::string_view text, DateOrder order) {
    if (text.size() == 8 && number(text)) {
        return Parts{text.substr(0, 4), text.substr(4, 2), text.substr(6, 2)};
    }
    for (const char separator : {'-', '.', '/'}) {
        const std::vector<std::string_view> parts = split(text, separator);
        if (parts.size() != 3) {
            continue;
        }
        if (parts[0].size() == 4) {
            return Parts{parts[0], parts[1], parts[2]};
        }
        const bool month_first = order == DateOrder::month_day && separator == '/';
        return month_first ? Parts{parts[2], parts[0], parts[1]}
                           : Parts{parts[2], parts[1], parts[0]};
    }
    return std::nullopt;
}

}  // namespace

std::optional<std::string> parse_date(std::string_view text, DateOrder order) {
    const auto parts = split_parts(date_part(text), order);
    if (!parts || parts->day.size() > 2) {
        return std::nullopt;
    }
    const auto year = year_number(parts->year);
    const auto month = month_number(parts->month);
    const auto day = number(parts->day);
    if (!year || !month || !day) {
        return std::nullopt;
    }
    const std::chrono::year_month_day date{std::chrono::year{*year},
                                           std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*day))};
    if (!date.ok()) {
        return std::nullopt;
    }
    return fmt::format("{:04}-{:02}-{:02}", *year, *month, *day);
}

std::optional<std::string> day_before(std::string_view date) {
    constexpr std::size_t kLength = 10;
    const auto parsed =
        date.size() == kLength ? parse_date(date, DateOrder::day_month) : std::nullopt;
    if (!parsed) {
        return std::nullopt;
    }
    using namespace std::chrono;
    const sys_days day = year{number(date.substr(0, 4)).value_or(0)} /
                         number(date.substr(5, 2)).value_or(0) /
                         number(date.substr(8, 2)).value_or(0);
    const year_month_day before = day - days{1};
    return fmt::format("{:04}-{:02}-{:02}",
                       static_cast<int>(before.year()),
                       static_cast<unsigned>(before.month()),
                       static_cast<unsigned>(before.day()));
}

}  // namespace isinfetch
