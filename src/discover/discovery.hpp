// Which files a source has published: one table, one file of this folder per method.
#pragma once

#include "fetch/download.hpp"
#include "parse/format.hpp"
#include "util/zone.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace isinfetch {

/// What a source says about how its file is found; each method heeds some of it.
struct FindOptions {
    std::string link{};  ///< link-page: like which pattern the link is
    int days_back = 7;   ///< dated: so many days before today are looked at
    std::uint64_t first =
        1;            ///< numbered: where to begin when no number is known yet; paged: page 1
    int gap = 3;      ///< numbered: so many numbers in a row may be missing
    int limit = 100;  ///< requests by which a file is looked for, or pages; more are an error
    std::vector<int> missing{};             ///< HTTP statuses that mean not there, beside 404, 410
    std::vector<std::string> attributes{};  ///< link-page: with links in them, beside href
    std::string total{};  ///< paged: place of the announced number of rows in JSON, "data.count"
};

/// What a method needs to know of its source.
struct DiscoverRequest {
    std::string source{};
    std::string url{};
    std::string checksum{};   ///< "md5:HEX", "sha256:HEX" or the URL of a file that begins with one
    std::string first_day{};  ///< YYYY-MM-DD: of methods that know days, the first that is asked
    std::string last_day{};   ///< and the last
    std::string known_url{};  ///< where the list was found the last time; empty: never yet
    Zone zone{};              ///< whose days the publisher's are
    FindOptions find{};
    const Format* format = nullptr;       ///< paged: how the rows of a page are counted
    const ParseOptions* parse = nullptr;  ///< and with which settings; both outlive the request
    const FetchOptions& options;          ///< must outlive the request
};

struct DiscoveryMethod {
    std::string_view name;     ///< as written after `discovery:` in the configuration
    std::string_view summary;  ///< one line
    bool events = false;       ///< publications of many files, day by day, rather than one list

    /// Does it tell when each file was published, so that an older one is never news?
    bool goes_forward = false;

    /// When it fails for good, may the address of the last time still be the list's?
    bool falls_back = false;

    /// Complete sets only. Throws Error as download() does.
    std::vector<RemoteFile> (*discover)(const DiscoverRequest& request,
                                        const FetchEnvironment& environment,
                                        FetchTrace& trace) = nullptr;

    /// Throws Error{config} where the settings lack what the method needs; may be null.
    void (*check)(const DiscoverRequest& request) = nullptr;
};

/// check_link() for the files that an index names: what is wrong with them is the publisher's
/// fault. Throws Error{protocol}.
void check_links(const DiscoverRequest& request, const std::vector<RemoteFile>& files);

/// All methods, sorted by name.
std::span<const DiscoveryMethod> discovery_methods() noexcept;

/// nullptr when there is no method of that name.
const DiscoveryMethod* find_discovery(std::string_view name) noexcept;

}  // namespace isinfetch
