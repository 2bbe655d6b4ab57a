// From a downloaded file to records.
#pragma once

#include "parse/format.hpp"
#include "parse/meter.hpp"

#include <filesystem>

namespace isinfetch {

struct ListFile {
    std::filesystem::path path{};
    OpenLimits limits{};
};

/// Opens a file, whatever it is packed in, and reads it in a format. Throws what open_file() and
/// the format's functions throw.
ParseSummary read_list(const Format& format,
                       const ListFile& file,
                       const ParseOptions& options,
                       const RecordSink& sink);

}  // namespace isinfetch
