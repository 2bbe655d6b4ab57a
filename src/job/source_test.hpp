// What a run of a source would find, without downloading or storing it.
#pragma once

#include "config/config.hpp"
#include "fetch/probe.hpp"
#include "util/error.hpp"

#include <optional>
#include <string>
#include <vector>

namespace isinfetch {

struct ProbedFile {
    RemoteFile file{};
    std::optional<Probe> probe{};  ///< none for what was not asked about, or downloaded to find it
};

struct SourceTest {
    std::vector<ProbedFile> files{};  ///< of the newest list, or of the newest publication by role
    std::vector<std::string> waiting{};  ///< sets that are not complete, for people
    std::optional<Error> error{};
    int http_status = 0;  ///< of the last answer
    int attempts = 0;
};

/// Discovers, then asks with HEAD for each file; of a publication of several files for the first.
/// Pages, which must be read to be found, end up in the archive of `environment`. Never throws
/// Error but {interrupted}.
SourceTest test_source(const SourceConfig& source, const FetchEnvironment& environment);

}  // namespace isinfetch
