#include "discover/discovery.hpp"

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
