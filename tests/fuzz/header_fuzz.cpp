// Any bytes as the header of an answer: the few fields that decisions are made on. For libFuzzer.
#include "fetch/coding.hpp"
#include "fetch/partial_file.hpp"
#include "fetch/redirect.hpp"
#include "fetch/response_headers.hpp"
#include "require.hpp"
#include "util/error.hpp"
#include "util/text.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

using namespace isinfetch;

namespace {

const std::string kPage = "https://a.example:8443/lists/all.csv";

Timestamp noon() {
    return std::chrono::sys_days{std::chrono::year{2026} / 11 / 30} + std::chrono::hours{12};
}

void check_range(const std::string& text) {
    if (const auto range = ContentRange::parse(text)) {
        require(range->first <= range->last);
    }
}

/// Only a protocol error can come of what a server says.
template <class Action>
void refused_or_not(const Action& action) {
    try {
        action();
    } catch (const Error& error) {
        require(error.kind() == ErrorKind::protocol);
        require(is_utf8(error.what()));
    }
}

void check_location(const std::string& location) {
    FetchOptions options;
    options.redirect_hosts = {"*.a.example", "[2001:db8::1]:8443"};
    refused_or_not([&] {
        check_redirect({kPage, location, 1}, options);
        const Url url = parse_url(location);
        require(url.scheme == "https" || is_loopback(url.host));
        may_see_headers(kPage, location);
    });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    HttpResponse response;
    for (const std::string_view line : split(bytes, '\n')) {
        take_header_line(response, std::string(line) + '\n', noon());
        if (const auto wait = parse_retry_after(line, noon())) {
            require(wait->count() >= 0 && *wait <= std::chrono::days{366});
        }
        check_location(std::string(line));
    }
    if (const auto wait = response.retry_after) {
        require(wait->count() >= 0 && *wait <= std::chrono::days{366});
    }
    require(response.status >= 0 && response.status <= 999);
    for (const std::string* text :
         {&response.etag, &response.last_modified, &response.content_type}) {
        require(text->find('\n') == std::string::npos);
    }
    check_range(response.content_range);
    refused_or_not([&] { check_coding(kPage, response, Gzip::is_foreign); });
    return 0;
}
