#include "core/date.hpp"

#include "util/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

namespace isinfetch {

namespace {

// As they begin, in English, Portuguese, Spanish, German, French and Italian; lower case. The
// longer of two that begin alike stands first.
struct MonthName {
    std::string_view beginning;
    int month;
};

constexpr std::array kMonths{
    MonthName{"jan", 1},  MonthName{"ene", 1},  MonthName{"gen", 1},  MonthName{"jän", 1},
    MonthName{"feb", 2},  MonthName{"fev", 2},  MonthName{"fév", 2},  MonthName{"mar", 3},
    MonthName{"mär", 3},  MonthName{"mrz", 3},  MonthName{"apr", 4},  MonthName{"abr", 4},
    MonthName{"avr", 4},  MonthName{"may", 5},  MonthName{"mai", 5},  MonthName{"mag", 5},
    MonthName{"jun", 6},  MonthName{"juin", 6}, MonthName{"giu", 6},  MonthName{"jul", 7},
    MonthName{"juil", 7}, MonthName{"lug", 7},  MonthName{"aug", 8},  MonthName{"ago", 8},
    MonthName{"aoû", 8},  MonthName{"aou", 8},  MonthName{"sep", 9},  MonthName{"set", 9},
    MonthName{"oct", 10}, MonthName{"okt", 10}, MonthName{"out", 10}, MonthName{"ott", 10},
    MonthName{"nov", 11}, MonthName{"dec", 12}, MonthName{"dez", 12}, MonthName{"dic", 12},
    MonthName{"déc", 12},
};

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

bool is_digit(char letter) noexcept {
    return letter >= '0' && letter <= '9';
}

std::optional<int> month_number(std::string_view text) {
    if (text.empty() || is_digit(text.front())) {
        return text.size() <= 2 ? number(text) : std::nullopt;
    }
    const std::string small = lower(text);
    for (const MonthName& name : kMonths) {
        if (small.starts_with(name.beginning)) {
            return name.month;
        }
    }
    return std::nullopt;
}

std::optional<int> year_number(std::string_view text, int century) noexcept {
    const auto value = number(text);
    if (!value || text.size() == 4) {
        return value;
    }
    if (text.size() != 2) {
        return std::nullopt;
    }
    return *value >= century ? 1900 + *value : 2000 + *value;
}

/// Everything up to the T of ISO 8601, which stands between digits (that of OCT does not).
std::string_view without_iso_time(std::string_view text) noexcept {
    const std::size_t mark = text.find('T');
    const bool is_iso = mark != std::string_view::npos && mark > 0 && mark + 1 < text.size() &&
                        is_digit(text[mark - 1]) && is_digit(text[mark + 1]);
    return is_iso ? text.substr(0, mark) : text;
}

/// The first three runs of digits or of letters, and what parts the first two.
struct Runs {
    std::array<std::string_view, 3> run{};
    char separator = 0;
};

std::optional<Runs> split_runs(std::string_view text) {
    constexpr std::string_view kSeparators = " -./,";
    Runs runs;
    for (std::size_t i = 0; i < runs.run.size(); ++i) {
        const std::size_t start = text.find_first_not_of(kSeparators);
        if (start > 2) {  // or none at all, which is more than any
            return std::nullopt;
        }
        if (i == 1 && start > 0) {
            runs.separator = text.front();
        }
        text.remove_prefix(start);
        const bool digits = is_digit(text.front());
        const auto ends = [&](char letter) {
            return is_digit(letter) != digits || kSeparators.find(letter) != std::string_view::npos;
        };
        const auto length = std::find_if(text.begin(), text.end(), ends) - text.begin();
        runs.run[i] = text.substr(0, static_cast<std::size_t>(length));
        text.remove_prefix(runs.run[i].size());
    }
    const bool ends_here = text.empty() || text.front() == ' ' || text.front() == ',';
    return ends_here ? std::optional(runs) : std::nullopt;
}

Parts by_order(const Runs& runs, DateOrder order) {
    const auto& [first, second, third] = runs.run;
    if (!is_digit(first.front())) {
        return {third, first, second};
    }
    const bool year_first =
        first.size() == 4 || (order == DateOrder::year_month && third.size() != 4);
    if (year_first) {
        return {first, second, third};
    }
    const bool has_name = !is_digit(second.front());
    const bool month_first = order == DateOrder::month_day && !has_name && runs.separator != '.';
    return month_first ? Parts{third, first, second} : Parts{third, second, first};
}

/// Digits alone. Eight are YYYYMMDD as long as that is a date of a listing, else in the order that
/// is declared.
std::optional<Parts> split_digits(std::string_view text, DateOrder order) {
    const std::size_t year = text.size() == 6 ? 2 : 4;
    const std::string_view front = text.substr(0, year);
    const bool may_begin_with_year =
        year == 4 && front >= "1800" && text.substr(4, 2) >= "01" && text.substr(4, 2) <= "12";
    if (may_begin_with_year || order == DateOrder::year_month) {
        return Parts{front, text.substr(year, 2), text.substr(year + 2, 2)};
    }
    const Parts day_first{text.substr(4, year), text.substr(2, 2), text.substr(0, 2)};
    return order == DateOrder::day_month ? day_first
                                         : Parts{day_first.year, day_first.day, day_first.month};
}

std::optional<Parts> split_parts(std::string_view text, DateOrder order) {
    if (number(text.substr(0, 9)) && (text.size() == 8 || text.size() == 6)) {
        return split_digits(text, order);
    }
    constexpr std::size_t kTimestamp = 14;  // YYYYMMDDhhmmss
    if (text.size() == kTimestamp &&
        text.find_first_not_of("0123456789") == std::string_view::npos) {
        return split_digits(text.substr(0, 8), DateOrder::year_month);
    }
    const auto runs = split_runs(text);
    return runs ? std::optional(by_order(*runs, order)) : std::nullopt;
}

std::string to_text(const std::chrono::year_month_day& date) {
    return fmt::format("{:04}-{:02}-{:02}",
                       static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()),
                       static_cast<unsigned>(date.day()));
}

/// Days since 1899-12-30, as spreadsheets count them; a fraction is the time. Of 1954 to 2119, so
/// that no other number is taken for a date.
std::optional<std::string> serial_date(std::string_view text) {
    constexpr int kLeast = 20'000;
    constexpr int kMost = 80'000;
    const std::string_view whole = text.substr(0, text.find('.'));
    const auto days = number(whole);
    if (whole.size() != 5 || !days || *days < kLeast || *days > kMost) {
        return std::nullopt;
    }
    using namespace std::chrono;
    return to_text(sys_days{year{1899} / 12 / 30} + std::chrono::days{*days});
}

/// YYYY-MM-DD, as nearly all dates are: the quick way to what the long one would give.
bool is_iso_date(std::string_view text) noexcept {
    constexpr std::string_view kShape = "0000-00-00";
    const bool has_shape = std::ranges::equal(text, kShape, [](char letter, char shape) {
        return shape == '-' ? letter == '-' : is_digit(letter);
    });
    if (!has_shape) {
        return false;
    }
    const auto two = [text](std::size_t at) {
        return static_cast<unsigned>((text[at] - '0') * 10 + text[at + 1] - '0');
    };
    using namespace std::chrono;
    return (year{static_cast<int>(two(0) * 100 + two(2))} / month{two(5)} / day{two(8)}).ok();
}

}  // namespace

std::optional<std::string> parse_date(std::string_view text, DateOrder order, int century) {
    text = without_iso_time(trim(text));
    if (is_iso_date(text)) {
        return std::string(text);
    }
    if (auto date = serial_date(text)) {
        return date;
    }
    const auto parts = split_parts(text, order);
    if (!parts || parts->day.size() > 2) {
        return std::nullopt;
    }
    const auto year = year_number(parts->year, century);
    const auto month = month_number(parts->month);
    const auto day = number(parts->day);
    if (!year || !month || !day) {
        return std::nullopt;
    }
    const std::chrono::year_month_day date{std::chrono::year{*year},
                                           std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*day))};
    return date.ok() ? std::optional(to_text(date)) : std::nullopt;
}

std::optional<std::string> day_before(std::string_view date) {
    if (!is_iso_date(date)) {
        return std::nullopt;
    }
    using namespace std::chrono;
    const auto part = [date](std::size_t at, std::size_t length) {
        return number(date.substr(at, length)).value();
    };
    const sys_days day = year{part(0, 4)} / part(5, 2) / part(8, 2);
    return to_text(day - days{1});
}

}  // namespace isinfetch
