#include "discover/discovery.hpp"
#include "fetch/checksum.hpp"
#include "fetch/fetch_text.hpp"
#include "fetch/redirect.hpp"
#include "fetch/url.hpp"
#include "util/error.hpp"
#include "util/html.hpp"
#include "util/text.hpp"

namespace isinfetch {

namespace {

/// From a checksum file that the publisher keeps beside the list.
std::string read_checksum(const DiscoverRequest& request,
                          const FetchEnvironment& environment,
                          FetchTrace& trace) {
    const FetchOptions options = options_for(request.url, request.checksum, request.options);
    const std::string text = fetch_text(request.checksum, options, environment, trace);
    if (const auto title = html_title(text)) {
        fail(ErrorKind::protocol,
             "{}: HTML where a checksum was expected (title '{}')",
             redacted(request.checksum),
             *title);
    }
    const auto checksum = Checksum::find(text);
    if (!checksum) {
        fail(ErrorKind::data, "{}: no MD5 or SHA-256 in it", redacted(request.checksum));
    }
    return checksum->text();
}

std::string announced_checksum(const DiscoverRequest& request,
                               const FetchEnvironment& environment,
                               FetchTrace& trace) {
    if (request.checksum.empty()) {
        return {};
    }
    if (request.checksum.find("://") != std::string::npos) {
        return read_checksum(request, environment, trace);
    }
    const auto checksum = Checksum::parse(request.checksum);
    if (!checksum) {
        fail(ErrorKind::config,
             "{}: checksum '{}' is neither md5: with 32 hexadecimal digits, nor sha256: with 64, "
             "nor a URL",
             request.source,
             printable(request.checksum));
    }
    return checksum->text();
}

}  // namespace

std::vector<RemoteFile> discover_direct(const DiscoverRequest& request,
                                        const FetchEnvironment& environment,
                                        FetchTrace& trace) {
    check_url(request.url, request.options);
    return {{.name = parse_url(request.url).file_name,
             .url = request.url,
             .checksum = announced_checksum(request, environment, trace)}};
}

}  // namespace isinfetch
