// Any bytes as a page with links, and as the pattern of the link that is wanted. For libFuzzer.
#include "discover/url_pattern.hpp"
#include "fetch/url.hpp"
#include "parse/html_links.hpp"
#include "require.hpp"
#include "util/error.hpp"
#include "util/html.hpp"
#include "util/text.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

using namespace isinfetch;

namespace {

const std::string kPage = "https://a.example/lists/page.html?x=1";

/// A link of a page is an address that can be asked for, or none.
void check_link(const std::string& base, const std::string& link, const UrlPattern& pattern) {
    const auto url = resolve_url(base, link);
    if (!url) {
        return;
    }
    const Url parsed = parse_url(*url);
    require(parsed.scheme == "https" || parsed.scheme == "http" || parsed.scheme == "file");
    require(url->find_first_of(" \r\n\t") == std::string::npos);
    require(resolve_url(base, *url) == url);
    pattern.match(*url);
}

void check_page(std::string_view page, const UrlPattern& pattern) {
    html_title(page);
    try {
        const PageLinks found = html_links(page, {"data-href"});
        const std::string base = resolve_url(kPage, found.base).value_or(kPage);
        for (const std::string& link : found.links) {
            check_link(base, link, pattern);
        }
    } catch (const Error& error) {
        require(error.kind() == ErrorKind::data);
    }
}

/// Where the digits of a place would become an escape: "%{n}" is no URL.
bool has_half_escape(std::string_view text) {
    for (std::size_t at = text.find('{'); at != std::string_view::npos;
         at = text.find('{', at + 1)) {
        if (text.substr(0, at).substr(at < 2 ? 0 : at - 2).find('%') != std::string_view::npos) {
            return true;
        }
    }
    return false;
}

/// What a pattern makes is like the pattern, unless digits of two places touch.
void check_pattern(std::string_view text) {
    if (has_half_escape(text) || text.find("}{") != std::string_view::npos) {
        return;
    }
    try {
        const UrlPattern pattern = UrlPattern::parse(text);
        const PatternValues values{
            .day = std::chrono::year{2026} / 11 / 30, .number = 42, .row = 7};
        require(pattern.match(pattern.fill(values)).has_value());
    } catch (const Error& error) {
        require(error.kind() == ErrorKind::config);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const UrlPattern wanted =
        UrlPattern::parse("*/all_{%Y%m%d}_{n}*.csv", UrlPattern::Star::is_any);
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (!text.empty() && text.front() == '{') {
        check_pattern(text.substr(1));
    } else {
        check_page(text, wanted);
    }
    return 0;
}
