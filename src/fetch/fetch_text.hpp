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

struct FetchedPage {
    std::string url{};  ///< that answered, redirects followed: what relative links are meant from
    std::string text{};
    bool is_html = false;  ///< else only the beginning was read, and is not kept
};

/// The same for a web page, of at most 4 MiB.
FetchedPage fetch_page(const std::string& url,
                       const FetchOptions& options,
                       const FetchEnvironment& environment,
                       FetchTrace& trace);

}  // namespace isinfetch
