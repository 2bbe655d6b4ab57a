#include "discover/discovery.hpp"
#include "fetch/redirect.hpp"

#include <array>

namespace isinfetch {

// One per file of this folder.
using Discover = std::vector<RemoteFile>(const DiscoverRequest& request,
                                         const FetchEnvironment& environment,
                                         FetchTrace& trace);
Discover discover_dated;
Discover discover_direct;
Discover discover_fca_index;
Discover discover_firds_index;
Discover discover_fitrs_index;
Discover discover_gleif;
Discover discover_link_page;
Discover discover_numbered;
Discover discover_paged;

// What some of them cannot do without.
using Check = void(const DiscoverRequest& request);
Check check_dated;
Check check_link_page;
Check check_numbered;
Check check_paged;

namespace {

// clang-format off
constexpr std::array kMethods{
    DiscoveryMethod{.name = "dated", .summary = "the newest day's file, with the day in its URL",
                    .discover = discover_dated, .check = check_dated},
    DiscoveryMethod{.name = "direct", .summary = "the URL itself is the list, always the same one",
                    .discover = discover_direct},
    DiscoveryMethod{.name = "fca-index", .summary = "the FCA's index of FIRDS files (Elasticsearch)",
                    .events = true, .discover = discover_fca_index},
    DiscoveryMethod{.name = "firds-index", .summary = "ESMA's index of FIRDS files (Solr)",
                    .events = true, .discover = discover_firds_index},
    DiscoveryMethod{.name = "fitrs-index", .summary = "ESMA's index of FITRS files (Solr): the newest full list",
                    .discover = discover_fitrs_index},
    DiscoveryMethod{.name = "gleif", .summary = "GLEIF's index of ISIN-to-LEI files (JSON:API)",
                    .goes_forward = true,
                    .discover = discover_gleif},
    DiscoveryMethod{.name = "link-page", .summary = "the newest link on a page that is like a pattern",
                    .falls_back = true, .discover = discover_link_page, .check = check_link_page},
    DiscoveryMethod{.name = "numbered", .summary = "the file with the highest number in its URL",
                    .discover = discover_numbered, .check = check_numbered},
    DiscoveryMethod{.name = "paged", .summary = "all pages of a list that comes in pages",
                    .discover = discover_paged, .check = check_paged},
};
// clang-format on

}  // namespace

void check_links(const DiscoverRequest& request, const std::vector<RemoteFile>& files) {
    for (const RemoteFile& file : files) {
        check_link(request.url, file.url, request.options);
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
