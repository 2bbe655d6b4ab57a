// What a server says of a file before anybody downloads it.
#pragma once

#include "fetch/download.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace isinfetch {

struct Probe {
    std::string url{};  ///< that answered, redirects followed
    std::optional<std::uint64_t> bytes{};
    std::string content_type{};
    std::string last_modified{};  ///< HTTP date
    std::string etag{};
};

/// Asks with HEAD; where a server refuses that (403, 405, 501), with GET for the first byte; where
/// the list is asked for by POST, with that, and reads no more than the first byte. Limits,
/// redirects, retries and Errors as for download(): Error{gone} when the file is not there.
Probe probe(const std::string& url,
            const FetchOptions& options,
            const FetchEnvironment& environment,
            FetchTrace& trace);

}  // namespace isinfetch
