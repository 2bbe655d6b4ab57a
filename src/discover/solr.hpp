// Solr, which ESMA's registers are kept in: one core for each kind of files. Source: the registers'
// own pages and their answers.
#pragma once

#include "discover/firds_files.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace isinfetch {

constexpr int kSolrRows = 500;  ///< documents per page: some 300 KB

/// Which documents of a core are asked for.
struct SolrQuestion {
    std::string url{};  ///< of the core: …/select
    std::string_view day_field{};
    std::string first_day{};  ///< YYYY-MM-DD, included as the last one is
    std::string last_day{};
    std::string filter{};  ///< such as "file_type:FULINS"
};

/// The URL of the page that begins with the n-th document, from 0.
std::string solr_url(const SolrQuestion& question, std::uint64_t from);

/// What an answer says. It may be JSON or XML, whatever form was asked for: the index has its own
/// mind. Throws Error{protocol} that names `url`.
IndexPage read_solr_page(const std::string& url, std::string_view text);

}  // namespace isinfetch
