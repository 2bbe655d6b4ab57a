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
/// throw to end the work. `name` tells rejections of several files apart; empty where there is but
/// one.
void load_file(const std::filesystem::path& path,
               const std::string& name,
               const SourceConfig& source,
               const std::function<void()>& check,
               LoadedFile& loaded,
               SourceReport& report);

}  // namespace isinfetch
