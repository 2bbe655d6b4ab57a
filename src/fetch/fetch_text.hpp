// A small text over the network: a checksum file, an index.
#pragma once

#include "fetch/download.hpp"

#include <string>

namespace isinfetch {

/// The body of `url`, at most 1 MiB, unconditionally and from the start; limits, redirects and
/// retries as for download(), and the same Errors. With `question`, a JSON document, it is POSTed.
std::string fetch_text(const std::string& url,
                       const FetchOptions& options,
                       const FetchEnvironment& environment,
                       FetchTrace& trace,
                       const std::string& question = {});

}  // namespace isinfetch
