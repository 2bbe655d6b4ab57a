#include "discover/url_pattern.hpp"

#include "util/error.hpp"
#include "util/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace isinfetch {

namespace {

using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::year;
using std::chrono::year_month_day;

constexpr std::array<std::string_view, 12> kMonths{
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::size_t kMostDigits = 18;  // of a number: less than 2^63
constexpr unsigned kYearsOfCentury = 100;
constexpr unsigned kFirstOfLastCentury = 70;  // 70 to 99 are 19xx
constexpr unsigned kMonthsOfQuarter = 3;

unsigned month_of(const PatternValues& values) {
    return static_cast<unsigned>(values.day->month());
}

unsigned day_of_year(const year_month_day& day) {
    const sys_days first = sys_days{day.year() / 1 / 1};
    return static_cast<unsigned>((sys_days{day} - first).count()) + 1;
}

/// Parts of a day as they were found; 0: not there.
struct DayParts {
    unsigned year = 0;
    unsigned month = 0;
    unsigned quarter = 0;
    unsigned day = 0;
    unsigned day_of_year = 0;
};

/// The first day that has all of these parts.
std::optional<year_month_day> day_of(const DayParts& parts) {
    const year_month_day first{year{static_cast<int>(parts.year)} / 1 / 1};
    if (parts.day_of_year > 0) {
        const year_month_day day = sys_days{first} + days{parts.day_of_year - 1};
        return day.year() == first.year() ? std::optional(day) : std::nullopt;
    }
    const unsigned of_quarter = parts.quarter > 0 ? (parts.quarter - 1) * kMonthsOfQuarter + 1 : 1;
    const unsigned month = parts.month > 0 ? parts.month : of_quarter;
    const year_month_day day{first.year() / std::chrono::month{month} /
                             std::chrono::day{std::max(parts.day, 1U)}};
    return day.ok() ? std::optional(day) : std::nullopt;
}

std::size_t count_digits(std::string_view text, std::size_t most) {
    const std::size_t end = std::min(text.find_first_not_of("0123456789"), text.size());
    return std::min(end, most);
}

}  // namespace

const std::vector<UrlPattern::Conversion>& UrlPattern::conversions() {
    static const std::vector<Conversion> all{{"%Y", Kind::year},
                                             {"%y", Kind::short_year},
                                             {"%m", Kind::month},
                                             {"%-m", Kind::bare_month},
                                             {"%b", Kind::month_name},
                                             {"%q", Kind::quarter},
                                             {"%d", Kind::day},
                                             {"%-d", Kind::bare_day},
                                             {"%j", Kind::day_of_year}};
    return all;
}

namespace {

/// "a-b" for "a%2Db". What is no escape stands for itself.
std::string unescaped(std::string_view text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        unsigned value = 0;
        const char* const digits = text.data() + i + 1;
        const bool has_digits = text[i] == '%' && i + 2 < text.size() &&
                                std::from_chars(digits, digits + 2, value, 16).ptr == digits + 2;
        plain += has_digits ? static_cast<char>(value) : text[i];
        i += has_digits ? 2 : 0;
    }
    return plain;
}

/// Does a text end with "%", or "%2", so that what follows would belong to an escape?
bool ends_in_escape(std::string_view text) {
    constexpr std::string_view kHexDigits = "0123456789abcdefABCDEF";
    const std::size_t begin = text.rfind('%');
    return begin != std::string_view::npos && text.size() - begin <= 2 &&
           text.find_first_not_of(kHexDigits, begin + 1) == std::string_view::npos;
}

std::size_t end_of_braces(std::string_view text, std::size_t begin) {
    const std::size_t end = text.find('}', begin);
    if (end == std::string_view::npos) {
        fail(ErrorKind::config, "'{}': a brace that is not closed", printable(text));
    }
    return end;
}

}  // namespace

UrlPattern UrlPattern::parse(std::string_view text, Star star) {
    UrlPattern pattern;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '{') {
            const std::size_t end = end_of_braces(text, i);
            pattern.take_braces(text.substr(i + 1, end - i - 1));
            i = end;
        } else if (text[i] == '*' && star == Star::is_any) {
            pattern.pieces_.push_back({.kind = Kind::any});
        } else {
            pattern.add_literal(text[i]);
        }
    }
    pattern.refuse_ambiguous(text);
    for (Piece& piece : pattern.pieces_) {
        piece.plain = unescaped(piece.text);
    }
    return pattern;
}

/// What is filled in must be found again: "%{n}" would make an escape of the number, and of two
/// numbers side by side nobody knows where the second one begins.
void UrlPattern::refuse_ambiguous(std::string_view text) const {
    for (std::size_t i = 0; i + 1 < pieces_.size(); ++i) {
        const Piece& piece = pieces_[i];
        const Piece& next = pieces_[i + 1];
        if (piece.kind == Kind::literal && next.kind != Kind::any && ends_in_escape(piece.text)) {
            fail(ErrorKind::config,
                 "'{}': '%' before a brace; the character itself is written %25",
                 printable(text));
        }
        if (has_any_length(piece.kind) && has_any_length(next.kind)) {
            fail(ErrorKind::config,
                 "'{}': two numbers without a character between them",
                 printable(text));
        }
    }
}

void UrlPattern::add_literal(char c) {
    if (pieces_.empty() || pieces_.back().kind != Kind::literal) {
        pieces_.emplace_back();
    }
    pieces_.back().text += c;
}

void UrlPattern::take_braces(std::string_view inside) {
    if (inside == "page" || inside == "row") {
        pieces_.push_back({.kind = inside == "page" ? Kind::page : Kind::row});
        return;
    }
    if (!inside.empty() && inside.find_first_not_of('n') == std::string_view::npos) {
        pieces_.push_back({.kind = Kind::number, .least = inside.size()});
        return;
    }
    if (inside.find('%') == std::string_view::npos) {
        fail(ErrorKind::config,
             "'{{{}}}' is none of {{%Y%m%d}} and its kind, {{n}}, {{page}}, {{row}}",
             printable(inside));
    }
    for (std::size_t i = 0; i < inside.size();) {
        if (inside[i] != '%') {
            add_literal(inside[i++]);
            continue;
        }
        const auto rest = inside.substr(i);
        const auto found = std::ranges::find_if(
            conversions(), [&](const Conversion& each) { return rest.starts_with(each.name); });
        if (found == conversions().end()) {
            fail(ErrorKind::config,
                 "'{{{}}}': '{}' is none of %Y %y %m %-m %b %q %d %-d %j",
                 printable(inside),
                 printable(rest.substr(0, 2)));
        }
        pieces_.push_back({.kind = found->kind});
        i += found->name.size();
    }
}

/// Numbers that may have one digit or more.
bool UrlPattern::has_any_length(Kind kind) noexcept {
    return kind == Kind::number || kind == Kind::page || kind == Kind::row ||
           kind == Kind::bare_month || kind == Kind::bare_day;
}

bool UrlPattern::has(Kind kind) const noexcept {
    return std::ranges::any_of(pieces_, [&](const Piece& piece) { return piece.kind == kind; });
}

bool UrlPattern::has_year() const noexcept {
    return has(Kind::year) || has(Kind::short_year);
}

bool UrlPattern::has_day() const noexcept {
    const bool has_month = has(Kind::month) || has(Kind::bare_month) || has(Kind::month_name);
    const bool in_month = has(Kind::day) || has(Kind::bare_day);
    return has_year() && (has(Kind::day_of_year) || (has_month && in_month));
}

bool UrlPattern::has_number() const noexcept {
    return has(Kind::number);
}

bool UrlPattern::has_page() const noexcept {
    return has(Kind::page) || has(Kind::row);
}

std::string UrlPattern::text_of(const Piece& piece, const PatternValues& values) {
    switch (piece.kind) {
        case Kind::literal:
            return piece.text;
        case Kind::any:
            break;
        case Kind::year:
            return fmt::format("{:04}", static_cast<int>(values.day->year()));
        case Kind::short_year:
            return fmt::format("{:02}", static_cast<int>(values.day->year()) % 100);
        case Kind::month:
            return fmt::format("{:02}", month_of(values));
        case Kind::bare_month:
            return std::to_string(month_of(values));
        case Kind::month_name:
            return std::string(kMonths.at(month_of(values) - 1));
        case Kind::quarter:
            return std::to_string((month_of(values) - 1) / kMonthsOfQuarter + 1);
        case Kind::day:
            return fmt::format("{:02}", static_cast<unsigned>(values.day->day()));
        case Kind::bare_day:
            return std::to_string(static_cast<unsigned>(values.day->day()));
        case Kind::day_of_year:
            return fmt::format("{:03}", day_of_year(*values.day));
        case Kind::number:
        case Kind::page:
            return fmt::format("{:0{}}", values.number, piece.least);
        case Kind::row:
            return std::to_string(values.row);
    }
    return {};
}

std::string UrlPattern::fill(const PatternValues& values) const {
    std::string url;
    for (const Piece& piece : pieces_) {
        url += text_of(piece, values);
    }
    return url;
}

/// Tries, piece by piece, every length that a piece may have. What failed once from a place on is
/// not tried again, so that the work is bounded by pieces times bytes.
class UrlPattern::Matcher {
public:
    Matcher(const std::vector<Piece>& pieces, std::string_view url)
        : pieces_(pieces), url_(url), failed_(pieces.size() * (url.size() + 1)) {}

    std::optional<PatternValues> run() {
        if (!fits(0, 0)) {
            return std::nullopt;
        }
        if (parts_.year > 0) {
            values_.day = day_of(parts_);
            if (!values_.day) {
                return std::nullopt;
            }
        }
        return values_;
    }

private:
    // NOLINTNEXTLINE(misc-no-recursion): as deep as the pattern has pieces
    bool fits(std::size_t piece, std::size_t at) {
        if (piece == pieces_.size()) {
            return at == url_.size();
        }
        const std::size_t place = piece * (url_.size() + 1) + at;
        if (failed_[place]) {
            return false;
        }
        const auto [least, most] = lengths(pieces_[piece], url_.substr(at));
        const bool shortest_first = pieces_[piece].kind == Kind::any;
        for (std::size_t i = 0; least + i <= most; ++i) {
            const std::size_t length = shortest_first ? least + i : most - i;
            if (fits(piece + 1, at + length)) {
                take(pieces_[piece], url_.substr(at, length));
                return true;
            }
        }
        failed_[place] = true;
        return false;
    }

    /// How much of `rest` a piece may take; the first is greater than the second where nothing
    /// fits.
    static std::pair<std::size_t, std::size_t> lengths(const Piece& piece, std::string_view rest) {
        const auto digits = [&](std::size_t least, std::size_t most) {
            return std::pair(least, count_digits(rest, most));
        };
        switch (piece.kind) {
            case Kind::literal:
                return {piece.plain.size(), rest.starts_with(piece.plain) ? piece.plain.size() : 0};
            case Kind::any:
                return {0, rest.size()};
            case Kind::year:
                return digits(4, 4);
            case Kind::short_year:
            case Kind::month:
            case Kind::day:
                return digits(2, 2);
            case Kind::bare_month:
            case Kind::bare_day:
                return digits(1, 2);
            case Kind::quarter:
                return digits(1, 1);
            case Kind::day_of_year:
                return digits(3, 3);
            case Kind::month_name:
                return {3, month_named(rest.substr(0, 3)) > 0 ? 3 : 0};
            case Kind::number:
            case Kind::page:
            case Kind::row:
                return digits(piece.least, kMostDigits);
        }
        return {1, 0};
    }

    static unsigned month_named(std::string_view text) {
        const auto* const found = std::ranges::find_if(
            kMonths, [&](std::string_view name) { return lower(name) == lower(text); });
        return found == kMonths.end() ? 0 : static_cast<unsigned>(found - kMonths.begin()) + 1;
    }

    void take(const Piece& piece, std::string_view text) {
        std::uint64_t number = 0;
        std::from_chars(text.data(), text.data() + text.size(), number);
        const auto small = static_cast<unsigned>(number);
        switch (piece.kind) {
            case Kind::literal:
            case Kind::any:
                break;
            case Kind::year:
                parts_.year = small;
                break;
            case Kind::short_year:
                parts_.year = small + (small < kFirstOfLastCentury ? 20 : 19) * kYearsOfCentury;
                break;
            case Kind::month:
            case Kind::bare_month:
                parts_.month = small == 0 ? kYearsOfCentury : small;  // "00" is no month
                break;
            case Kind::month_name:
                parts_.month = month_named(text);
                break;
            case Kind::quarter:
                parts_.quarter = small == 0 ? kYearsOfCentury : small;
                break;
            case Kind::day:
            case Kind::bare_day:
                parts_.day = small == 0 ? kYearsOfCentury : small;
                break;
            case Kind::day_of_year:
                parts_.day_of_year = small == 0 ? 10 * kYearsOfCentury : small;
                break;
            case Kind::number:
            case Kind::page:
                values_.number = number;
                break;
            case Kind::row:
                values_.row = number;
                break;
        }
    }

    const std::vector<Piece>& pieces_;
    std::string_view url_;
    std::vector<bool> failed_;
    DayParts parts_{};
    PatternValues values_{};
};

std::optional<PatternValues> UrlPattern::match(std::string_view url) const {
    const std::string plain = unescaped(url);
    return Matcher(pieces_, plain).run();
}

}  // namespace isinfetch
