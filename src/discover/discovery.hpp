// Which files a source has published: one table, one file of this folder per method.
#pragma once

#include "fetch/download.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace isinfetch {

/// What a method needs to know of its source.
struct DiscoverRequest {
    std::string source{};
    std::string url{};
    std::string checksum{};   ///< "md5:HEX", "sha256:HEX" or the URL of a file that begins with one
    std::string first_day{};  ///< YYYY-MM-DD: of methods that know days, the first that is asked
    std::string last_day{};   ///< and the last
    const FetchOptions& options;
};

struct DiscoveryMethod {
    std::string_view name;     ///< as written after `discovery:` in the configuration
    std::string_view summary;  ///< one line
    bool events;               ///< publications of many files, day by day, rather than one list

    /// Complete sets only. Throws Error as download() does.
    std::vector<RemoteFile> (*discover)(const DiscoverRequest& request,
                                        const FetchEnvironment& environment,
                                        FetchTrace& trace);
};

/// Looks at links that an index names: what is wrong with them is the publisher's fault. They lead
/// to the network, unless the index is a local file itself. Throws Error{protocol}.
void check_links(const DiscoverRequest& request, const std::vector<RemoteFile>& files);

/// All methods, sorted by name.
std::span<const DiscoveryMethod> discovery_methods() noexcept;

/// nullptr when there is no method of that name.
const DiscoveryMethod* find_discovery(std::string_view name) noexcept;

}  // namespace isinfetch
