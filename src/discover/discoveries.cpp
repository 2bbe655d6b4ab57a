#include "discover/discovery.hpp"

#include <array>

namespace isinfetch {

// One per file of this folder.
std::vector<RemoteFile> discover_direct(const DiscoverRequest& request,
                                        const FetchEnvironment& environment,
                                        FetchTrace& trace);

namespace {

constexpr std::array kMethods{
    DiscoveryMethod{
        "direct", "the URL itself is the list, always the same one", false, discover_direct},
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
