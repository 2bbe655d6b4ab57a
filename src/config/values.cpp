#include "config/values.hpp"

#include "core/currency.hpp"
#include "core/mic.hpp"
#include "util/error.hpp"
#include "util/text.hpp"
#include "util/time.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace isinfetch {

namespace {

const std::string& scalar(const Value& value, const char* example) {
    if (value.kind != Value::Kind::scalar) {
        fail_at(value, fmt::format("expected a single value such as {}", example));
    }
    return value.text;
}

/// The parsed value, or the complaint.
template <class T>
T checked(const Value& value, std::optional<T> parsed, const char* what) {
    if (!parsed) {
        fail_at(value, fmt::format("'{}' is not {}", printable(value.text), what));
    }
    return *parsed;
}

/// One of a few words. `meant` is what the text means elsewhere; empty: what it resembles counts.
template <class T, std::size_t N>
T choose(const Value& value,
         const std::array<std::pair<std::string_view, T>, N>& choices,
         std::string_view meant = {}) {
    const std::string& text = scalar(value, "one word");
    std::vector<std::string> words;
    for (const auto& [word, meaning] : choices) {
        if (text == word) {
            return meaning;
        }
        words.emplace_back(word);
    }
    fail_at(value, none_of(text, words, meant));
}

/// What other programs call encodings that are known here by another name.
std::string_view meant_encoding(std::string_view text) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 14> kAliases{{
        {"latin1", "iso-8859-1"},
        {"l1", "iso-8859-1"},
        {"iso88591", "iso-8859-1"},
        {"cp1252", "windows-1252"},
        {"ansi", "windows-1252"},
        {"win1252", "windows-1252"},
        {"cp1251", "windows-1251"},
        {"win1251", "windows-1251"},
        {"cp950", "big5"},
        {"sjis", "shift_jis"},
        {"cp932", "shift_jis"},
        {"cp949", "euc-kr"},
        {"gbk", "gb18030"},
        {"gb2312", "gb18030"},
    }};
    const std::string plain = plain_name(text);
    const auto* found = std::find_if(
        kAliases.begin(), kAliases.end(), [&](const auto& alias) { return alias.first == plain; });
    return found == kAliases.end() ? std::string_view{} : found->second;
}

}  // namespace

std::string none_of(const std::string& text,
                    const std::vector<std::string>& words,
                    std::string_view meant) {
    const auto near = meant.empty() ? closest(text, words) : std::optional(std::string(meant));
    return fmt::format("'{}' is none of {}{}",
                       printable(text),
                       join(words, ", "),
                       near ? ": did you mean '" + *near + "'?" : "");
}

void fail_at(const Value& value, const std::string& message) {
    fail(ErrorKind::config, "{}: {}", value.origin, message);
}

bool is_mapping(const Value& value) noexcept {
    return value.kind == Value::Kind::mapping ||
           (value.kind == Value::Kind::scalar && value.text.empty());
}

std::string to_text(const Value& value) {
    return scalar(value, "a text");
}

std::string to_line(const Value& value) {
    std::string text = to_text(value);
    const bool is_line = std::none_of(text.begin(), text.end(), [](char letter) {
        return static_cast<unsigned char>(letter) < 0x20 || letter == 0x7F;
    });
    if (!is_line) {
        fail_at(value, fmt::format("'{}' holds a control character", printable(text)));
    }
    return text;
}

std::string to_path(const Value& value) {
    std::string text = to_line(value);
    if (text.starts_with('~')) {
        fail_at(value, fmt::format("'{}': '~' is not replaced here: write the path out", text));
    }
    return text;
}

bool to_flag(const Value& value) {
    constexpr std::array<std::pair<std::string_view, bool>, 4> kWords{
        {{"true", true}, {"false", false}, {"yes", true}, {"no", false}}};
    return choose(value, kWords);
}

std::uint64_t to_count(const Value& value) {
    const std::string& text = scalar(value, "1000");
    std::uint64_t number = 0;
    const char* end = text.data() + text.size();
    const auto [stop, failure] = std::from_chars(text.data(), end, number);
    const bool whole = failure == std::errc{} && stop == end;
    return checked(
        value, whole ? std::optional(number) : std::nullopt, "a whole number such as 1000");
}

std::uint64_t to_size(const Value& value) {
    return checked(value, parse_size(scalar(value, "64MiB")), "a size such as 64MiB");
}

std::chrono::seconds to_duration(const Value& value) {
    return checked(
        value, parse_duration(scalar(value, "20h")), "a duration such as 30s, 5m, 20h or 7d");
}

std::optional<std::chrono::seconds> to_age(const Value& value) {
    constexpr int kDaysOfYear = 365;
    constexpr std::size_t kMostDigits = 3;  // of years
    const std::string& text = scalar(value, "30d");
    if (text == "forever") {
        return std::nullopt;
    }
    const std::string_view years = std::string_view(text).substr(0, text.size() - 1);
    const bool is_years = text.ends_with('y') && !years.empty() && years.size() <= kMostDigits &&
                          years.find_first_not_of("0123456789") == std::string_view::npos;
    const auto age = is_years ? std::optional<std::chrono::seconds>(std::chrono::hours(24) *
                                                                    kDaysOfYear * std::stoi(text))
                              : parse_duration(text);
    return checked(value, age, "an age such as 30d or 2y, or 'forever'");
}

std::chrono::seconds to_timeout(const Value& value) {
    const std::chrono::seconds timeout = to_duration(value);
    if (timeout < std::chrono::seconds{1}) {
        fail_at(value, fmt::format("'{}' is too short: 1s or more", printable(value.text)));
    }
    return timeout;
}

std::chrono::minutes to_time_of_day(const Value& value) {
    return checked(value, parse_time_of_day(scalar(value, "18:30")), "a time of day such as 18:30");
}

Zone to_zone(const Value& value) {
    try {
        return Zone::parse(to_text(value));
    } catch (const Error& error) {
        fail_at(value, error.what());
    }
}

double to_share(const Value& value) {
    return checked(value, parse_percentage(scalar(value, "5%")), "a percentage such as 5%");
}

char to_delimiter(const Value& value) {
    const std::string& text = scalar(value, "';'");
    if (text == "auto") {
        return 0;
    }
    if (text == "tab") {
        return '\t';
    }
    if (text.size() != 1 || text == "\"" || text == "\n") {
        fail_at(value, fmt::format("'{}' is not one character, 'tab' or 'auto'", printable(text)));
    }
    return text.front();
}

Encoding to_encoding(const Value& value) {
    constexpr std::array<std::pair<std::string_view, Encoding>, 10> kWords{{
        {"auto", Encoding::automatic},
        {"utf-8", Encoding::utf_8},
        {"utf-16", Encoding::utf_16},
        {"windows-1251", Encoding::windows_1251},
        {"windows-1252", Encoding::windows_1252},
        {"iso-8859-1", Encoding::iso_8859_1},
        {"big5", Encoding::big5},
        {"shift_jis", Encoding::shift_jis},
        {"euc-kr", Encoding::euc_kr},
        {"gb18030", Encoding::gb18030},
    }};
    return choose(value, kWords, meant_encoding(value.text));
}

DateOrder to_date_order(const Value& value) {
    constexpr std::array<std::pair<std::string_view, DateOrder>, 3> kWords{
        {{"dmy", DateOrder::day_month},
         {"mdy", DateOrder::month_day},
         {"ymd", DateOrder::year_month}}};
    return choose(value, kWords);
}

DecimalMark to_decimal_mark(const Value& value) {
    constexpr std::array<std::pair<std::string_view, DecimalMark>, 2> kWords{
        {{"point", DecimalMark::point}, {"comma", DecimalMark::comma}}};
    return choose(value, kWords);
}

const NumberInIsin* to_number_in_isin(const Value& value) {
    const NumberInIsin* number = find_number_in_isin(to_text(value));
    if (number == nullptr) {
        std::vector<std::string> names;
        for (const NumberInIsin& each : numbers_in_isins()) {
            names.emplace_back(each.name);
        }
        fail_at(value, none_of(value.text, names));
    }
    return number;
}

ByteRange to_byte_range(const Value& value) {
    const auto range = ByteRange::parse(to_text(value));
    if (!range) {
        fail_at(value,
                fmt::format("'{}' is no range of bytes such as 32-42", printable(value.text)));
    }
    return *range;
}

JsonPath to_json_path(const Value& value) {
    const auto path = JsonPath::parse(to_text(value));
    if (!path) {
        fail_at(
            value,
            fmt::format("'{}' is no path such as data.rows or /data/rows", printable(value.text)));
    }
    return *path;
}

std::vector<std::string> to_texts(const Value& value) {
    if (value.kind == Value::Kind::mapping) {
        fail_at(value, "expected a list such as [a, b]");
    }
    if (value.kind == Value::Kind::scalar) {
        return value.text.empty() ? std::vector<std::string>{} : std::vector{value.text};
    }
    std::vector<std::string> texts;
    std::transform(value.items.begin(), value.items.end(), std::back_inserter(texts), to_text);
    return texts;
}

std::vector<std::string> to_codes(const Value& value, std::size_t least, std::size_t most) {
    std::vector<std::string> codes = to_texts(value);
    for (const std::string& code : codes) {
        const bool is_code =
            code.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == std::string::npos;
        if (!is_code || code.size() < least || code.size() > most) {
            fail_at(value,
                    fmt::format("'{}' is not {} capital letters or digits",
                                printable(code),
                                least == most ? std::to_string(least)
                                              : fmt::format("{} to {}", least, most)));
        }
    }
    return codes;
}

std::string to_mic(const Value& value) {
    std::string text = to_text(value);
    if (!inspect_mic(text).good()) {
        fail_at(value,
                fmt::format("'{}' is no MIC: four capital letters or digits such as XETR",
                            printable(text)));
    }
    return text;
}

std::string to_currency(const Value& value) {
    std::string text = to_text(value);
    if (!inspect_currency(text).good()) {
        fail_at(
            value,
            fmt::format("'{}' is no currency: a code of ISO 4217 such as EUR", printable(text)));
    }
    return text;
}

std::vector<std::string> to_host_patterns(const Value& value) {
    std::vector<std::string> patterns = to_texts(value);
    for (const std::string& pattern : patterns) {
        if (pattern.empty() || pattern.find_first_of("/ @") != std::string::npos) {
            fail_at(value,
                    fmt::format("'{}' is no host such as example.org, *.example.org or"
                                " example.org:8443",
                                printable(pattern)));
        }
    }
    return patterns;
}

AllowedAddresses to_allowed_addresses(const Value& value) {
    AllowedAddresses allowed;
    for (const std::string& text : to_texts(value)) {
        if (text == "private") {
            allowed.private_use = true;
        } else if (const auto network = Network::parse(text)) {
            allowed.networks.push_back(*network);
        } else {
            fail_at(value,
                    fmt::format("'{}' is no address or network such as 192.168.1.7, 10.0.0.0/8 or"
                                " fd00::/8, nor the word private",
                                printable(text)));
        }
    }
    return allowed;
}

Headers to_headers(const Value& value) {
    if (!is_mapping(value)) {
        fail_at(value, "expected 'name: value' pairs");
    }
    constexpr std::string_view kTokenMarks = "!#$%&'*+-.^_`|~";
    Headers headers;
    for (const auto& [name, member] : value.members) {
        const bool is_token =
            !name.empty() && std::all_of(name.begin(), name.end(), [&](char letter) {
                return (letter >= '0' && letter <= '9') || (letter >= 'A' && letter <= 'Z') ||
                       (letter >= 'a' && letter <= 'z') ||
                       kTokenMarks.find(letter) != std::string_view::npos;
            });
        if (!is_token) {
            // Without a value it is perhaps a token in the wrong place, which nobody may see.
            const bool has_value = member.kind == Value::Kind::scalar && !member.text.empty();
            fail_at(member,
                    has_value ? fmt::format("'{}' is no name for a header", printable(name))
                              : "this is no name for a header");
        }
        if (const std::string line = to_line(member); !line.empty()) {
            headers.emplace_back(name, line);
        }
    }
    return headers;
}

std::string to_checksum(const Value& value) {
    std::string text = to_text(value);
    const auto is_digest = [&](std::string_view method, std::size_t digits) {
        return text.starts_with(method) && text.size() == method.size() + digits &&
               text.find_first_not_of("0123456789abcdefABCDEF", method.size()) == std::string::npos;
    };
    const bool is_url = text.find("://") != std::string::npos;
    if (!is_url && !is_digest("md5:", 32) && !is_digest("sha256:", 64)) {
        fail_at(value,
                fmt::format("'{}' is not md5: and 32, or sha256: and 64 hexadecimal digits, or the "
                            "URL of a file that begins with them",
                            printable(text)));
    }
    return text;
}

}  // namespace isinfetch
