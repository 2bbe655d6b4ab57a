// URLs with places in braces: for a day, for a number. Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace isinfetch {

/// What stands in the places of a pattern.
struct PatternValues {
    std::optional<std::chrono::year_month_day> day{};  ///< without a place for it: the first one
    std::uint64_t number = 0;                          ///< of {n} and {page}
    std::uint64_t row = 0;                             ///< of {row}
};

/// "https://a.org/ea_{%y%m%d}.csv.gz", "https://a.org/list%20{n}.xlsx". In braces either
/// conversions, with other characters between them that stand for themselves:
///   %Y 2026 · %y 26 · %m 07 · %-m 7 · %d 03 · %-d 3 · %j 184 · %b Jul · %q 3, the quarter
/// or a word: {n} a number, {nnn} of at least three digits, {page}, {row}. What is outside of
/// braces stands for itself, but for "*" where it is asked for: any text.
class UrlPattern {
public:
    enum class Star { is_literal, is_any };

    /// Throws Error{config} that names the place at fault.
    static UrlPattern parse(std::string_view text, Star star = Star::is_literal);

    bool has_day() const noexcept;     ///< does it tell a day, and not only a month or a year?
    bool has_year() const noexcept;    ///< without one there is no date at all
    bool has_number() const noexcept;  ///< {n}
    bool has_page() const noexcept;    ///< {page} or {row}

    /// REQUIRES values.day when there is a place for a part of it, and no "*".
    std::string fill(const PatternValues& values) const;

    /// What stands in the places of a URL; none when it is not like the pattern or its day is none
    /// of the calendar. Where a text fits in several ways, each "*" is as short as can be. It does
    /// not matter which characters are written as escapes, "%2D" or "-".
    std::optional<PatternValues> match(std::string_view url) const;

private:
    enum class Kind {
        literal,
        any,
        year,
        short_year,
        month,
        bare_month,
        month_name,
        quarter,
        day,
        bare_day,
        day_of_year,
        number,
        page,
        row,
    };
    struct Piece {
        Kind kind = Kind::literal;
        std::string text{};     ///< of a literal
        std::string plain{};    ///< the same without escapes: what match() compares
        std::size_t least = 1;  ///< digits of a number
    };
    struct Conversion {
        std::string_view name;
        Kind kind;
    };
    class Matcher;

    void take_braces(std::string_view inside);
    void add_literal(char c);
    void refuse_ambiguous(std::string_view text) const;
    static bool has_any_length(Kind kind) noexcept;
    bool has(Kind kind) const noexcept;
    static const std::vector<Conversion>& conversions();
    static std::string text_of(const Piece& piece, const PatternValues& values);

    std::vector<Piece> pieces_{};
};

}  // namespace isinfetch
