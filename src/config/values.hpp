// The types that a configuration's texts may have. Each function throws Error{config} that begins
// with the origin of the value and shows what would have been right.
#pragma once

#include "config/document.hpp"
#include "core/convert.hpp"
#include "core/date.hpp"
#include "core/number.hpp"
#include "fetch/address_policy.hpp"
#include "fetch/http.hpp"
#include "parse/format.hpp"
#include "util/zone.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace isinfetch {

std::string to_text(const Value& value);

/// A text that goes into a request: without line breaks and other control characters, which would
/// smuggle headers into it.
std::string to_line(const Value& value);

/// A file name as it is: no shell will replace '~', so that it is refused rather than taken for a
/// folder of that name.
std::string to_path(const Value& value);

bool to_flag(const Value& value);
std::uint64_t to_count(const Value& value);
std::uint64_t to_size(const Value& value);
std::chrono::seconds to_duration(const Value& value);
/// A duration, or a number of years of 365 days: "2y"; none for "forever".
std::optional<std::chrono::seconds> to_age(const Value& value);
std::chrono::seconds to_timeout(const Value& value);      ///< 1 s or more
std::chrono::minutes to_time_of_day(const Value& value);  ///< after midnight, of "18:30"
Zone to_zone(const Value& value);
double to_share(const Value& value);    ///< of a percentage
char to_delimiter(const Value& value);  ///< 0 for "auto"
Encoding to_encoding(const Value& value);
DateOrder to_date_order(const Value& value);
DecimalMark to_decimal_mark(const Value& value);
const NumberInIsin* to_number_in_isin(const Value& value);
ByteRange to_byte_range(const Value& value);
JsonPath to_json_path(const Value& value);

/// A list of texts, or one text alone.
std::vector<std::string> to_texts(const Value& value);

/// As to_texts(), of codes: capital letters and digits, so many.
std::vector<std::string> to_codes(const Value& value, std::size_t least, std::size_t most);

std::string to_mic(const Value& value);       ///< of ISO 10383, by its shape
std::string to_currency(const Value& value);  ///< of ISO 4217

/// Patterns of redirect_hosts: "example.org", "*.example.org", each with or without ":8443".
std::vector<std::string> to_host_patterns(const Value& value);

/// Addresses and networks, and the word `private`.
AllowedAddresses to_allowed_addresses(const Value& value);

/// Request headers: a mapping of names (RFC 9110 §5.1) to lines. One without a value is left out.
Headers to_headers(const Value& value);

/// "announced" digests: "md5:HEX", "sha256:HEX" or a URL; see DiscoverRequest.
std::string to_checksum(const Value& value);

/// Is it a mapping, or nothing at all (a key without a value)?
bool is_mapping(const Value& value) noexcept;

/// "'x' is none of a, b: did you mean 'a'?", for `text` that is none of `words`. `meant` is what it
/// means elsewhere, if anything.
std::string none_of(const std::string& text,
                    const std::vector<std::string>& words,
                    std::string_view meant = {});

/// Throws Error{config}: "<origin>: <message>".
[[noreturn]] void fail_at(const Value& value, const std::string& message);

}  // namespace isinfetch
