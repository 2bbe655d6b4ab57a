// Where an export goes, in which format, and what it may replace.
#pragma once

#include "util/output_file.hpp"

#include <optional>
#include <string>

namespace isinfetch::cli {

/// What the command line says of the files.
struct ExportFiles {
    std::string format{};    ///< of --format; empty: by the ending of the name
    std::string data{};      ///< empty and "-": standard output
    std::string metadata{};  ///< empty: beside a file; "none"; "-": standard output
    bool replace = false;    ///< --force

    bool to_stdout() const { return data.empty() || data == "-"; }
};

/// The name of the format (export_formats()): what --format says, else what the ending of the name
/// says, else csv. Throws Error{usage} for an ending of another format, and for a name that can
/// only be meant as a format, such as "json".
std::string export_format(const ExportFiles& files);

/// Places for the data, none: standard output; and for what is told of them, none: nowhere.
struct ExportPlaces {
    std::optional<OutputPlace> data{};
    std::optional<OutputPlace> metadata{};
};

/// Throws Error{cannot_create} where a file is in the way that no export made, unless `replace`; an
/// empty one never is. Throws Error{usage} when both are the same.
ExportPlaces export_places(const ExportFiles& files);

}  // namespace isinfetch::cli
