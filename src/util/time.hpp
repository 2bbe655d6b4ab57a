// Points in time and quantities, as they are written in files, headers and on the command line.
// All times are UTC.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace isinfetch {

using Timestamp = std::chrono::sys_seconds;

Timestamp now();

/// "2026-11-23T05:17:02Z" (RFC 3339).
std::string format_time(Timestamp time);

/// RFC 3339 in UTC as format_time() writes it, or a date alone ("2026-11-23": its midnight).
std::optional<Timestamp> parse_time(std::string_view text);

/// The three forms of an HTTP date (RFC 9110 §5.6.7).
std::optional<Timestamp> parse_http_date(std::string_view text);
std::string format_http_date(Timestamp time);

/// "90s", "5m", "20h", "7d", sums such as "1h30m", and "0"; none when it is nothing of the kind.
std::optional<std::chrono::seconds> parse_duration(std::string_view text);

/// The shortest exact form that parse_duration() reads: "20h", "1h30m", "0s".
std::string format_duration(std::chrono::seconds duration);

/// How long ago or ahead, for people: two units at most, "3d 4h", "12m", "0s".
std::string rough_duration(std::chrono::seconds duration);

/// "07:15", "18:30" on a clock of 24 hours: minutes after midnight.
std::optional<std::chrono::minutes> parse_time_of_day(std::string_view text);
std::string format_time_of_day(std::chrono::minutes time);

/// "512", "64KiB", "64MiB", "2GiB", "1TiB" and the decimal "kB", "MB", "GB" in bytes.
std::optional<std::uint64_t> parse_size(std::string_view text);
std::string format_size(std::uint64_t bytes);

/// "5%" or "2.5%" as a share, 0.05; 0 % to 100 %.
std::optional<double> parse_percentage(std::string_view text);

}  // namespace isinfetch
