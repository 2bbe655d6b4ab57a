// What an exported file is, where its rows come from, and what the publishers' terms ask of those
// who pass them on.
#pragma once

#include "config/config.hpp"
#include "util/time.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace isinfetch {

struct ExportMetadata {
    std::string file{};    ///< its name without folder
    std::string format{};  ///< "csv", "jsonl"
    Timestamp created{};
    std::string sha256{};                                          ///< of the file
    std::vector<std::pair<std::string, std::string>> selection{};  ///< option and value
    std::map<std::string, std::uint64_t> rows{};                   ///< by source
    std::map<std::string, std::string> published{};                ///< by source, RFC 3339
};

/// A JSON document. Sources that are configured no longer are named without their terms.
std::string export_metadata_json(const ExportMetadata& metadata, const Config& config);

/// Is `text` such a document, of this or another version of the program?
bool is_export_metadata(std::string_view text);

/// Is it one, and about a file of that name?
bool describes_export(std::string_view text, std::string_view file);

}  // namespace isinfetch
