#include "fetch/response_headers.hpp"

#include "util/text.hpp"

#include <algorithm>
#include <charconv>
#include <system_error>

namespace isinfetch {

namespace {

using std::chrono::seconds;

constexpr seconds kLongestWait = std::chrono::days{366};

/// "HTTP/1.1 200 OK" and "HTTP/2 200" alike.
int status_of(std::string_view status_line) {
    const std::size_t space = std::min(status_line.find(' '), status_line.size());
    const std::string_view digits = trim(status_line.substr(space)).substr(0, 3);
    unsigned status = 0;  // else "-99" would be one
    std::from_chars(digits.data(), digits.data() + digits.size(), status);
    return static_cast<int>(status);
}

std::optional<std::uint64_t> parse_length(std::string_view text) {
    std::uint64_t length = 0;
    const char* const last = text.data() + text.size();
    const auto [end, failure] = std::from_chars(text.data(), last, length);
    return failure == std::errc{} && end == last ? std::optional(length) : std::nullopt;
}

/// A field may come in several lines, and "identity" is none.
void add_coding(std::string& codings, std::string_view more) {
    if (!more.empty() && lower(more) != "identity") {
        codings += codings.empty() ? lower(more) : ", " + lower(more);
    }
}

}  // namespace

void take_header_line(HttpResponse& response, std::string_view line, Timestamp now) {
    if (line.starts_with("HTTP/")) {
        response = {.status = status_of(line)};
        return;
    }
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) {
        return;
    }
    const std::string name = lower(line.substr(0, colon));
    const std::string_view value = trim(line.substr(colon + 1));
    if (name == "etag") {
        response.etag = value;
    } else if (name == "last-modified") {
        response.last_modified = value;
    } else if (name == "content-type") {
        response.content_type = value;
    } else if (name == "content-encoding") {
        add_coding(response.content_coding, value);
    } else if (name == "content-length") {
        response.content_length = parse_length(value);
    } else if (name == "content-range") {
        response.content_range = value;
    } else if (name == "retry-after") {
        response.retry_after = parse_retry_after(value, now);
    }
}

std::optional<seconds> parse_retry_after(std::string_view text, Timestamp now) {
    text = trim(text);
    if (const auto date = parse_http_date(text)) {
        return std::clamp<seconds>(*date - now, seconds{0}, kLongestWait);
    }
    if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos) {
        return std::nullopt;
    }
    std::int64_t count = 0;
    const auto result = std::from_chars(text.data(), text.data() + text.size(), count);
    const bool too_long = result.ec == std::errc::result_out_of_range;
    return too_long ? kLongestWait : std::min(seconds{count}, kLongestWait);
}

}  // namespace isinfetch
