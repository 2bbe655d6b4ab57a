// From an archived file to staged listings: open, parse, validate, stage.
#pragma once

#include "config/config.hpp"
#include "core/report.hpp"
#include "parse/format.hpp"
#include "store/staging.hpp"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace isinfetch {

struct ArchivedFile {
    std::filesystem::path path{};
    std::string name{};  ///< tells rejections of several files apart; empty where there is but one
    std::string url{};   ///< for messages
};

/// What a file turned into. The counts are in the report.
struct LoadedFile {
    LoadedFile(const std::filesystem::path& directory, std::uint64_t memory_bytes)
        : staging(directory, memory_bytes) {}

    Staging staging;
    ParseSummary summary{};
    std::vector<std::string> tail{};  ///< keys of the last records, in file order
};

/// Adds to `loaded`, which is not sorted yet, and to the counts, warnings and rejections of
/// `report`. Streams: memory does not grow with the file. `check` is called now and then and may
/// throw to end the work. What is wrong with the file's bytes (Error{protocol}, {data}) begins with
/// the source and the URL.
void load_file(const ArchivedFile& file,
               const SourceConfig& source,
               const std::function<void()>& check,
               LoadedFile& loaded,
               SourceReport& report);

}  // namespace isinfetch
