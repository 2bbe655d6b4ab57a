#include "fetch/url.hpp"

#include "fetch/download.hpp"
#include "util/digest.hpp"
#include "util/error.hpp"
#include "util/handle.hpp"
#include "util/text.hpp"

#include <arpa/inet.h>
#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <vector>

namespace isinfetch {

namespace {

using UrlHandle = Handle<CURLU, curl_url_cleanup>;

constexpr std::size_t kLongestShown = 500;
constexpr std::size_t kShortestToken = 16;  // letters; no user of a proxy has so long a name

// In names of query keys, as plain_name() writes them.
constexpr std::array<std::string_view, 10> kTelltales{"token",
                                                      "secret",
                                                      "passwd",
                                                      "password",
                                                      "pwd",
                                                      "signature",
                                                      "credential",
                                                      "auth",
                                                      "session",
                                                      "apikey"};

/// Empty when the URL has no such part.
std::string part(CURLU* parsed, CURLUPart which, unsigned flags = 0) {
    char* text = nullptr;
    if (curl_url_get(parsed, which, &text, flags) != CURLUE_OK) {
        return {};
    }
    const Handle<char, curl_free> owner(text);
    return text;
}

/// "a%20b" is "a b"; what cannot be decoded stays.
std::string percent_decoded(std::string_view text) {
    if (text.empty()) {
        return {};  // whose length, 0, means another one to libcurl
    }
    int length = 0;
    const Handle<char, curl_free> decoded(
        curl_easy_unescape(nullptr, text.data(), static_cast<int>(text.size()), &length));
    return std::string(decoded ? std::string_view(decoded.get(), static_cast<std::size_t>(length))
                               : text);
}

/// The part behind the last slash, decoded only after the cut: %2F does not separate.
std::string last_part(std::string_view path) {
    return percent_decoded(path.substr(path.rfind('/') + 1));
}

std::string without_brackets(const std::string& host) {
    return host.starts_with('[') && host.ends_with(']') ? host.substr(1, host.size() - 2) : host;
}

std::string redacted_query(std::string_view query) {
    std::vector<std::string> shown;
    for (const std::string_view pair : split(query, '&')) {
        const std::string_view key = pair.substr(0, pair.find('='));
        const bool hide = key.size() < pair.size() && looks_secret(key);
        shown.push_back(hide ? std::string(key) + "=***" : std::string(pair));
    }
    return join(shown, "&");
}

/// "https" of "https:x"; empty for a link that begins with no scheme.
std::string scheme_of(std::string_view link) {
    const std::size_t end = link.find_first_of(":/?#");
    const bool has_one = end != std::string_view::npos && end > 0 && link[end] == ':';
    return has_one ? lower(link.substr(0, end)) : "";
}

}  // namespace

std::optional<std::string> resolve_url(const std::string& base, std::string_view link) {
    std::string text(trim(link));
    std::erase_if(text, [](char c) { return c == '\t' || c == '\r' || c == '\n'; });
    const std::string scheme = scheme_of(text);
    if (!scheme.empty() && scheme != "http" && scheme != "https" && scheme != "file") {
        return std::nullopt;
    }
    const UrlHandle url(curl_url());
    if (!url || curl_url_set(url.get(), CURLUPART_URL, base.c_str(), 0) != CURLUE_OK) {
        return std::nullopt;
    }
    constexpr unsigned kEncode = CURLU_URLENCODE;
    if (!text.empty() &&
        curl_url_set(url.get(), CURLUPART_URL, text.c_str(), kEncode) != CURLUE_OK) {
        return std::nullopt;
    }
    curl_url_set(url.get(), CURLUPART_FRAGMENT, nullptr, 0);
    return part(url.get(), CURLUPART_URL);
}

Url parse_url(const std::string& url) {
    const UrlHandle parsed(curl_url());
    if (!parsed) {
        fail(ErrorKind::os, "libcurl: out of memory");
    }
    const CURLUcode code =
        curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), CURLU_NON_SUPPORT_SCHEME);
    if (code != CURLUE_OK) {
        fail(ErrorKind::config, "{}: not a URL: {}", redacted(url), curl_url_strerror(code));
    }
    Url result{.scheme = lower(part(parsed.get(), CURLUPART_SCHEME)),
               .host = lower(without_brackets(part(parsed.get(), CURLUPART_HOST))),
               .port = part(parsed.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT),
               .file_name = last_part(part(parsed.get(), CURLUPART_PATH))};
    if (result.file_name.empty()) {
        result.file_name = result.host;
    }
    if (result.host.empty()) {
        result.port.clear();  // libcurl says 0 of file:
    }
    return result;
}

std::string_view own_port(std::string_view scheme) noexcept {
    return scheme == "https" ? "443" : scheme == "http" ? "80" : "";
}

bool is_same_service(const Url& from, const Url& to) {
    const bool is_own = to.port == own_port(to.scheme);
    const bool is_move = is_own && (to.scheme == "https" || from.port == own_port(from.scheme));
    return !to.host.empty() && to.host == from.host && (to.port == from.port || is_move);
}

bool is_loopback(std::string_view host) {
    if (host == "localhost" || host.ends_with(".localhost")) {
        return true;
    }
    const std::string text(host);
    in_addr four{};
    if (inet_pton(AF_INET, text.c_str(), &four) == 1) {
        return ntohl(four.s_addr) >> 24U == 127;
    }
    in6_addr six{};
    return inet_pton(AF_INET6, text.c_str(), &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
}

void check_url(const std::string& url, const FetchOptions& options) {
    const Url parsed = parse_url(url);
    if (parsed.scheme == "https" || parsed.scheme == "file") {
        return;
    }
    if (parsed.scheme != "http") {
        fail(ErrorKind::config,
             "{}: scheme '{}' is not supported: use https or file",
             redacted(url),
             printable(parsed.scheme));
    }
    if (!options.allow_http && !is_loopback(parsed.host)) {
        fail(ErrorKind::config,
             "{}: http can be read and changed on its way: use https or set allow_http",
             redacted(url));
    }
}

namespace {

/// A URL by hand, since what libcurl cannot read must not show its secrets either.
struct Pieces {
    std::string_view scheme{};    ///< "https://", empty without one
    std::string_view userinfo{};  ///< "user:password"
    bool has_userinfo = false;
    std::string_view place{};  ///< host, port and path
    std::string_view query{};  ///< without its '?'
    bool has_query = false;
    std::string_view fragment{};  ///< with its '#'
};

Pieces take_apart(std::string_view text) {
    const std::size_t scheme = text.find("://");
    const std::size_t start = scheme == std::string_view::npos ? 0 : scheme + 3;
    const std::size_t authority_end = std::min(text.find_first_of("/?#", start), text.size());
    const std::size_t at = text.substr(0, authority_end).rfind('@');
    const bool has_user = at != std::string_view::npos && at >= start;
    const std::size_t host = has_user ? at + 1 : start;
    const std::size_t fragment = std::min(text.find('#', host), text.size());
    const std::size_t query = std::min(text.find('?', host), fragment);
    const std::size_t query_start = std::min(query + 1, fragment);
    return {.scheme = text.substr(0, start),
            .userinfo = has_user ? text.substr(start, at - start) : std::string_view{},
            .has_userinfo = has_user,
            .place = text.substr(host, query - host),
            .query = text.substr(query_start, fragment - query_start),
            .has_query = query < fragment,
            .fragment = text.substr(fragment)};
}

}  // namespace

std::string without_credentials(const std::string& url) {
    const Pieces pieces = take_apart(url);
    std::string shown{pieces.scheme};
    shown += pieces.has_userinfo ? "***@" : "";
    shown += pieces.place;
    if (pieces.has_query) {
        shown += '?' + redacted_query(pieces.query);
    }
    shown += pieces.fragment;
    return shown;
}

bool looks_secret(std::string_view key) {
    const std::string name = plain_name(key);
    return name == "sig" || name == "pass" || name.ends_with("key") ||
           std::any_of(kTelltales.begin(), kTelltales.end(), [&](std::string_view telltale) {
               return name.find(telltale) != std::string::npos;
           });
}

std::vector<std::string> secrets_in_url(std::string_view url) {
    const Pieces pieces = take_apart(url);
    const std::string_view user = pieces.userinfo.substr(0, pieces.userinfo.find(':'));
    const std::string_view password =
        pieces.userinfo.substr(std::min(user.size() + 1, pieces.userinfo.size()));
    std::vector<std::string> found;
    const auto add = [&](std::string_view text) {
        found.emplace_back(text);
        found.push_back(percent_decoded(text));
    };
    if (pieces.has_userinfo) {
        add(password);
        found.emplace_back(pieces.userinfo);
        // As libcurl sends it (RFC 7617 §2), and as a page about headers may show it.
        found.push_back(base64(percent_decoded(user) + ':' + percent_decoded(password)));
    }
    // Several services take a token for a user's name.
    if (password.empty() || user.size() >= kShortestToken) {
        add(user);
    }
    for (const std::string_view pair : split(pieces.query, '&')) {
        const std::size_t equals = pair.find('=');
        if (equals != std::string_view::npos && looks_secret(pair.substr(0, equals))) {
            add(pair.substr(equals + 1));
        }
    }
    std::erase(found, "");
    return found;
}

std::string redacted(const std::string& url) {
    return printable(without_credentials(url), kLongestShown);
}

}  // namespace isinfetch
