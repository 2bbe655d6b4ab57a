#include "cli/export_target.hpp"

#include "cli/listing_output.hpp"
#include "publish/export_metadata.hpp"
#include "util/error.hpp"
#include "util/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>
#include <utility>
#include <vector>

namespace isinfetch::cli {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kBeside = ".metadata.json";

/// Endings, and the format that they promise.
constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kEndings{
    {{"csv", "csv"}, {"jsonl", "jsonl"}, {"ndjson", "jsonl"}}};

// A file that promises one of these and is something else is opened by nobody, or wrongly.
constexpr std::array<std::string_view, 16> kOtherEndings{"json",
                                                         "tsv",
                                                         "xml",
                                                         "html",
                                                         "xlsx",
                                                         "xls",
                                                         "ods",
                                                         "parquet",
                                                         "db",
                                                         "sqlite",
                                                         "gz",
                                                         "bz2",
                                                         "xz",
                                                         "zst",
                                                         "zip",
                                                         "7z"};

// Other programs and commands take their format with -o.
constexpr std::array<std::string_view, 7> kFormatWords{
    "csv", "json", "jsonl", "ndjson", "text", "tsv", "yaml"};

template <std::size_t Count>
bool is_among(const std::array<std::string_view, Count>& words, std::string_view word) {
    return std::ranges::find(words, word) != words.end();
}

std::string format_names() {
    std::vector<std::string> names;
    for (const ExportFormat& format : export_formats()) {
        names.emplace_back(format.name);
    }
    return join(names, " and ");
}

void refuse_format_word(const std::string& name) {
    if (!is_among(kFormatWords, lower(name))) {
        return;
    }
    const std::string_view known = lower(name) == "csv" ? "csv" : "jsonl";
    fail(ErrorKind::usage,
         "--output {}: names a file, not a format: write '--format {}', or './{}' if the file is "
         "to have that name",
         name,
         known,
         name);
}

bool is_empty(const OutputPlace& place) {
    std::error_code failure;
    return fs::file_size(place.path, failure) == 0 && !failure;
}

/// What the file beside says, or nothing.
std::string text_of(const fs::path& path) {
    constexpr std::uintmax_t kMost = std::uintmax_t{16} * 1024 * 1024;
    std::error_code failure;
    if (!fs::is_regular_file(path, failure) || fs::file_size(path, failure) > kMost) {
        return {};
    }
    try {
        return read_file(path);
    } catch (const Error&) {
        return {};
    }
}

void refuse_foreign(const OutputPlace& place, bool made_by_export) {
    if (place.kind == OutputPlace::Kind::file && !made_by_export && !is_empty(place)) {
        fail(ErrorKind::cannot_create,
             "{}: is there already, and no export made it: --force replaces it",
             place.path.native());
    }
}

/// Where metadata belongs, or would.
std::string metadata_path(const ExportFiles& files) {
    const bool is_named = !files.metadata.empty() && files.metadata != "none";
    return is_named ? files.metadata : files.data + std::string(kBeside);
}

}  // namespace

std::string export_format(const ExportFiles& files) {
    if (files.to_stdout()) {
        return files.format.empty() ? "csv" : files.format;
    }
    refuse_format_word(files.data);
    if (!files.format.empty()) {
        return files.format;
    }
    const std::string extension = lower(fs::path(files.data).extension().native());
    const std::string_view ending = std::string_view(extension).substr(extension.empty() ? 0 : 1);
    const auto* const known =
        std::ranges::find(kEndings, ending, [](const auto& entry) { return entry.first; });
    if (known != kEndings.end()) {
        return std::string(known->second);
    }
    if (is_among(kOtherEndings, ending)) {
        fail(ErrorKind::usage,
             "--output {}: an export is {}, not {}: end the name in one of these, or say --format",
             printable(files.data),
             format_names(),
             ending);
    }
    return "csv";
}

ExportPlaces export_places(const ExportFiles& files) {
    ExportPlaces places;
    if (!files.to_stdout()) {
        places.data = find_output(files.data);
        const std::string name = fs::path(files.data).filename();
        refuse_foreign(*places.data,
                       files.replace || describes_export(text_of(metadata_path(files)), name));
    }
    const bool is_beside =
        files.metadata.empty() && places.data && places.data->kind != OutputPlace::Kind::stream;
    if (files.metadata == "none" || (files.metadata.empty() && !is_beside)) {
        return places;
    }
    if (files.metadata == "-" && files.to_stdout()) {
        fail(ErrorKind::usage, "--metadata -: standard output is where the export goes");
    }
    places.metadata =
        find_output(files.metadata == "-" ? std::string("/dev/stdout") : metadata_path(files));
    if (places.data && places.metadata->kind != OutputPlace::Kind::stream &&
        places.metadata->path == places.data->path) {
        fail(ErrorKind::usage, "--metadata {}: is --output as well", printable(files.metadata));
    }
    refuse_foreign(*places.metadata,
                   files.replace || is_export_metadata(text_of(places.metadata->path)));
    return places;
}

}  // namespace isinfetch::cli
