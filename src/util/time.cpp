#include "util/time.hpp"

#include "util/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <ctime>
#include <limits>
#include <span>

namespace isinfetch {

namespace {

using std::chrono::seconds;

struct Unit {
    std::string_view name;
    std::int64_t factor;
};

constexpr std::array kTimeUnits{Unit{"d", 86400}, Unit{"h", 3600}, Unit{"m", 60}, Unit{"s", 1}};

constexpr std::array kSizeUnits{
    Unit{"TiB", 1LL << 40},
    Unit{"GiB", 1LL << 30},
    Unit{"MiB", 1LL << 20},
    Unit{"KiB", 1LL << 10},
    Unit{"TB", 1000000000000},
    Unit{"GB", 1000000000},
    Unit{"MB", 1000000},
    Unit{"kB", 1000},
    Unit{"B", 1},
};

// About 290 years: far beyond any setting, and safe to add to any clock.
constexpr std::int64_t kLongest = 10'000'000'000;

std::tm broken_down(Timestamp time) {
    const std::time_t value = time.time_since_epoch().count();
    std::tm result{};
    gmtime_r(&value, &result);
    return result;
}

/// strptime() over the whole text with one of its formats; the C locale is never changed.
std::optional<Timestamp> scan(const std::string& text, const char* format) {
    std::tm parts{};
    const char* end = strptime(text.c_str(), format, &parts);
    if (end == nullptr || *end != '\0') {
        return std::nullopt;
    }
    const std::chrono::year_month_day date{
        std::chrono::year{parts.tm_year + 1900},
        std::chrono::month(static_cast<unsigned>(parts.tm_mon + 1)),
        std::chrono::day(static_cast<unsigned>(parts.tm_mday))};
    if (!date.ok()) {
        return std::nullopt;
    }
    return Timestamp{seconds{timegm(&parts)}};
}

/// Takes a whole number off the front of `text`.
std::optional<std::int64_t> take_number(std::string_view& text) {
    std::int64_t value = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failure != std::errc{} || value < 0) {
        return std::nullopt;
    }
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return value;
}

/// The factor of the unit of that name; 0 when there is none.
std::int64_t factor_of(std::string_view name, std::span<const Unit> units) noexcept {
    const auto found = std::find_if(
        units.begin(), units.end(), [&](const Unit& unit) { return unit.name == name; });
    return found == units.end() ? 0 : found->factor;
}

/// Takes "20h" off the front of `text`, in seconds.
std::optional<std::int64_t> take_duration(std::string_view& text) {
    const auto number = take_number(text);
    const std::int64_t factor = factor_of(text.substr(0, 1), kTimeUnits);
    if (!number || factor == 0 || *number > kLongest / factor) {
        return std::nullopt;
    }
    text.remove_prefix(1);
    return *number * factor;
}

}  // namespace

Timestamp now() {
    return std::chrono::floor<seconds>(std::chrono::system_clock::now());
}

std::string format_time(Timestamp time) {
    const std::tm parts = broken_down(time);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
                       parts.tm_year + 1900,
                       parts.tm_mon + 1,
                       parts.tm_mday,
                       parts.tm_hour,
                       parts.tm_min,
                       parts.tm_sec);
}

std::optional<Timestamp> parse_time(std::string_view text) {
    const std::string whole(text);
    if (whole.size() == 10) {
        return scan(whole, "%Y-%m-%d");
    }
    return whole.size() == 20 ? scan(whole, "%Y-%m-%dT%H:%M:%SZ") : std::nullopt;
}

std::optional<Timestamp> parse_http_date(std::string_view text) {
    const std::string whole(text);
    for (const char* format :
         {"%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"}) {
        if (const auto time = scan(whole, format)) {
            return time;
        }
    }
    return std::nullopt;
}

std::string format_http_date(Timestamp time) {
    const std::tm parts = broken_down(time);
    std::array<char, 40> buffer{};
    const std::size_t length =
        strftime(buffer.data(), buffer.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
    return {buffer.data(), length};
}

std::optional<seconds> parse_duration(std::string_view text) {
    text = trim(text);
    if (text == "0") {
        return seconds{0};
    }
    std::int64_t total = 0;
    do {
        const auto part = take_duration(text);
        if (!part || total + *part > kLongest) {
            return std::nullopt;
        }
        total += *part;
    } while (!text.empty());
    return seconds{total};
}

std::string format_duration(seconds duration) {
    std::int64_t rest = duration.count();
    std::string text;
    for (const Unit& unit : kTimeUnits) {
        // Days only when they are whole: 20h, 24h and 36h read better than sums with days.
        const bool whole = unit.name != "d" || rest % unit.factor == 0;
        if (rest >= unit.factor && whole) {
            text += fmt::format("{}{}", rest / unit.factor, unit.name);
            rest %= unit.factor;
        }
    }
    return text.empty() ? "0s" : text;
}

std::string rough_duration(seconds duration) {
    std::int64_t rest = std::abs(duration.count());
    std::string text;
    int parts = 0;
    for (const Unit& unit : kTimeUnits) {
        if (parts < 2 && rest >= unit.factor) {
            text += fmt::format("{}{}{}", text.empty() ? "" : " ", rest / unit.factor, unit.name);
            rest %= unit.factor;
            ++parts;
        } else if (parts == 1) {
            break;
        }
    }
    return text.empty() ? "0s" : text;
}

std::optional<std::chrono::minutes> parse_time_of_day(std::string_view text) {
    if (text.size() != 5 || text[2] != ':') {
        return std::nullopt;
    }
    const auto number = [&](std::size_t position) {
        const int tens = text[position] - '0';
        const int ones = text[position + 1] - '0';
        const bool digits = tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9;
        return digits ? tens * 10 + ones : 99;
    };
    const std::chrono::hours hours{number(0)};
    const std::chrono::minutes minutes{number(3)};
    if (hours.count() > 23 || minutes.count() > 59) {
        return std::nullopt;
    }
    return hours + minutes;
}

std::string format_time_of_day(std::chrono::minutes time) {
    return fmt::format("{:02}:{:02}", time.count() / 60, time.count() % 60);
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
    text = trim(text);
    const auto number = take_number(text);
    const std::int64_t factor = text.empty() ? 1 : factor_of(trim(text), kSizeUnits);
    if (!number || factor == 0 || *number > std::numeric_limits<std::int64_t>::max() / factor) {
        return std::nullopt;
    }
    return static_cast<std::uint64_t>(*number * factor);
}

std::string format_size(std::uint64_t bytes) {
    for (const Unit& unit : kSizeUnits) {
        const auto factor = static_cast<std::uint64_t>(unit.factor);
        if (unit.name.find('i') != std::string_view::npos && bytes >= factor) {
            return bytes % factor == 0
                       ? fmt::format("{}{}", bytes / factor, unit.name)
                       : fmt::format("{:.1f}{}",
                                     static_cast<double>(bytes) / static_cast<double>(factor),
                                     unit.name);
        }
    }
    return fmt::format("{}B", bytes);
}

std::optional<double> parse_percentage(std::string_view text) {
    text = trim(text);
    if (!text.ends_with('%')) {
        return std::nullopt;
    }
    text = trim(text.substr(0, text.size() - 1));
    double value = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = failure == std::errc{} && end == text.data() + text.size();
    if (!whole || !(value >= 0 && value <= 100)) {
        return std::nullopt;
    }
    return value / 100;
}

}  // namespace isinfetch
