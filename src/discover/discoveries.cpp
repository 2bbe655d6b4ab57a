#include "discover/discovery.hpp"
#include "fetch/url.hpp"
#include "util/error.hpp"

#include <array>

namespace isinfetch {

// One per file of this folder.
using Discover = std::vector<RemoteFile>(const DiscoverRequest& request,
                                         const FetchEnvironment& environment,
                                         FetchTrace& trace);
Discover discover_direct;
Discover discover_fca_index;
Discover discover_firds_index;
Discover discover_gleif;

namespace {

constexpr std::array kMethods{
    DiscoveryMethod{
        "direct", "the URL itself is the list, always the same one", false, discover_direct},
    DiscoveryMethod{
        "fca-index", "the FCA's index of FIRDS files (Elasticsearch)", true, discover_fca_index},
    DiscoveryMethod{
        "firds-index", "ESMA's index of FIRDS files (Solr)", true, discover_firds_index},
    DiscoveryMethod{
        "gleif", "GLEIF's index of ISIN-to-LEI files (JSON:API)", false, discover_gleif},
};

}  // namespace

void check_links(const DiscoverRequest& request, const std::vector<RemoteFile>& files) {
    const auto is_local = [](const std::string& url) { return parse_url(url).scheme == "file"; };
    for (const RemoteFile& file : files) {
        try {
            check_url(file.url, request.options);
        } catch (const Error& error) {
            fail(ErrorKind::protocol,
                 "{}: names a file that cannot be fetched: {}",
                 redacted(request.url),
                 error.what());
        }
        if (is_local(file.url) && !is_local(request.url)) {
            fail(ErrorKind::protocol, "{}: names a local file", redacted(request.url));
        }
    }
}

std::span<const DiscoveryMethod> discovery_methods() noexcept {
    return kMethods;
}

const DiscoveryMethod* find_discovery(std::string_view name) noexcept {
    for (const DiscoveryMethod& method : kMethods) {
        if (method.name == name) {
            return &method;
        }
    }
    return nullptr;
}

}  // namespace isinfetch
