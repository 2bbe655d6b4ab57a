#include "cli/value_check.hpp"

#include "core/cfi.hpp"
#include "core/code_words.hpp"
#include "core/date.hpp"
#include "core/prefix.hpp"
#include "util/text.hpp"
#include "util/time.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

namespace isinfetch::cli {

namespace {

constexpr std::size_t kDay = 10;  // letters of 2026-11-20

bool is_capital_or_digit(char letter) noexcept {
    return (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9');
}

std::string complain(std::string_view text, std::string_view what) {
    return fmt::format("'{}' {}", printable(text), what);
}

std::string check_duration(const ValueModel& /*value*/, std::string_view text) {
    return parse_duration(text) ? "" : complain(text, "is not a duration such as 30s, 5m or 7d");
}

/// "2026-11-20" of "20.11.2026": what a person has in mind who writes a day in another way. Only
/// where month and day cannot be mistaken for each other.
std::string day_meant_by(std::string_view text) {
    const auto one = parse_date(text, DateOrder::day_month);
    const auto other = parse_date(text, DateOrder::month_day);
    return one && one == other && *one != text ? fmt::format("; did you mean '{}'?", *one) : "";
}

std::string check_moment(const ValueModel& /*value*/, std::string_view text) {
    return parse_time(text)
               ? ""
               : complain(text,
                          "is neither a day (2026-05-17) nor a time (2026-05-17T08:00:00Z)" +
                              day_meant_by(text));
}

std::string check_day(const ValueModel& /*value*/, std::string_view text) {
    return text.size() == kDay && parse_time(text)
               ? ""
               : complain(text, "is not a day such as 2026-05-17" + day_meant_by(text));
}

std::string check_when(const ValueModel& /*value*/, std::string_view text) {
    return parse_time(text) || parse_duration(text)
               ? ""
               : complain(text,
                          "is neither a day (2026-05-17), nor a time (2026-05-17T08:00:00Z), nor a"
                          " duration (7d)" +
                              day_meant_by(text));
}

std::string check_count(const ValueModel& value, std::string_view text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool is_whole = error == std::errc{} && end == text.data() + text.size();
    if (is_whole && number >= value.least && number <= value.most) {
        return "";
    }
    const bool has_end = value.most < std::numeric_limits<std::int64_t>::max();
    return complain(
        text,
        has_end ? fmt::format("is not a whole number from {} to {}", value.least, value.most)
                : fmt::format("is not a whole number of at least {}", value.least));
}

std::string check_country(const ValueModel& /*value*/, std::string_view text) {
    const std::string code = upper(text);
    if (code.size() == 2 && find_prefix(code) != nullptr) {
        return "";
    }
    std::string what = "is not the two letters that an ISIN begins with, such as DE or XS";
    if (const Prefix* const meant = find_prefix(country_meant_by(text))) {
        what += fmt::format("; did you mean '{}' ({})?", meant->code, meant->meaning);
    }
    return complain(text, what);
}

std::string check_mic(const ValueModel& /*value*/, std::string_view text) {
    constexpr std::size_t kMic = 4;
    const std::string code = upper(text);
    if (code.size() == kMic && std::ranges::all_of(code, is_capital_or_digit)) {
        return "";
    }
    const std::string_view meant = mic_meant_by(text);
    return complain(text,
                    "is not a MIC, which has four letters or digits" +
                        (meant.empty() ? "" : fmt::format("; did you mean '{}'?", meant)));
}

std::string check_cfi(const ValueModel& /*value*/, std::string_view text) {
    constexpr std::size_t kCfi = 6;
    const std::string code = upper(text);
    const auto is_letter = [](char letter) { return letter >= 'A' && letter <= 'Z'; };
    if (code.size() > kCfi || !std::ranges::all_of(code, is_letter)) {
        return complain(text, "is not a CFI code, nor the beginning of one, such as ES or ESVUFR");
    }
    if (cfi_category(code).empty()) {
        return complain(text, "is not a CFI code: none begins with its first letter");
    }
    const bool has_group = code.size() > 1;
    return has_group && cfi_group(code).empty()
               ? complain(
                     text,
                     fmt::format(
                         "is not a CFI code: {} have no group '{}'", cfi_category(code), code[1]))
               : "";
}

/// The shape only: published lists have LEIs whose check digits are wrong.
std::string check_lei(const ValueModel& /*value*/, std::string_view text) {
    constexpr std::size_t kLei = 20;
    const std::string code = upper(text);
    if (code.size() != kLei) {
        return complain(
            text,
            fmt::format(
                "is not an LEI: it has {} characters, and an LEI has {}", code.size(), kLei));
    }
    return std::ranges::all_of(code, is_capital_or_digit)
               ? ""
               : complain(text, "is not an LEI, which has letters and digits only");
}

std::string check_setting(const ValueModel& /*value*/, std::string_view text) {
    return text.find('=') != std::string_view::npos && text.front() != '='
               ? ""
               : complain(text,
                          "is not KEY=VALUE, such as network.proxy=http://proxy.example:3128");
}

struct LabelCheck {
    std::string_view label;
    std::string (*complaint)(const ValueModel& value, std::string_view text);
};

constexpr std::array kChecks{
    LabelCheck{"CC", check_country},
    LabelCheck{"CFI", check_cfi},
    LabelCheck{"DATE", check_moment},
    LabelCheck{"DAY", check_day},
    LabelCheck{"DURATION", check_duration},
    LabelCheck{"KEY=VALUE", check_setting},
    LabelCheck{"LEI", check_lei},
    LabelCheck{"MIC", check_mic},
    LabelCheck{"N", check_count},
    LabelCheck{"WHEN", check_when},
};

// Texts that are judged one by one, with a line of the result each.
constexpr std::array<std::string_view, 3> kMayBeEmpty{"ISIN", "NUMBER", "PREFIX"};

}  // namespace

std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates) {
    const auto near = closest(word, candidates);
    return near ? fmt::format("; did you mean '{}'?", *near) : "";
}

std::string complaint_about(const ValueModel& value, std::string_view text) {
    if (!value.choices.empty()) {
        const bool is_one = std::ranges::find(value.choices, text) != value.choices.end();
        return is_one ? ""
                      : complain(text,
                                 "is none of " + join(value.choices, ", ") +
                                     did_you_mean(text, value.choices));
    }
    if (text.empty()) {
        const bool is_fine = std::ranges::find(kMayBeEmpty, value.label) != kMayBeEmpty.end();
        return is_fine ? "" : "the value is empty";
    }
    const auto* const check = std::ranges::find(kChecks, value.label, &LabelCheck::label);
    return check == kChecks.end() ? "" : check->complaint(value, text);
}

}  // namespace isinfetch::cli
