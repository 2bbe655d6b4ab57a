#include "publish/export_metadata.hpp"

#include "util/json.hpp"
#include "util/json_value.hpp"

#include <sstream>

namespace isinfetch {

namespace {

constexpr std::int64_t kMetadataSchema = 1;

void write_terms(JsonWriter& json, const SourceConfig& source) {
    json.field("title", source.title);
    json.field("publisher", source.publisher);
    json.field("homepage", source.homepage);
    json.field("terms", source.terms);
    json.field("attribution", source.attribution);
}

void write_source(JsonWriter& json,
                  const ExportMetadata& metadata,
                  const std::string& name,
                  const SourceConfig* source) {
    const auto published = metadata.published.find(name);
    json.begin_object();
    json.field("source", name);
    json.field("rows", static_cast<std::int64_t>(metadata.rows.at(name)));
    json.field("published", published == metadata.published.end() ? "" : published->second);
    if (source != nullptr) {
        write_terms(json, *source);
    }
    json.end_object();
}

}  // namespace

std::string export_metadata_json(const ExportMetadata& metadata, const Config& config) {
    std::ostringstream out;
    JsonWriter json(out);
    json.begin_object();
    json.field("schema", kMetadataSchema);
    json.field("file", metadata.file);
    json.field("format", metadata.format);
    json.field("created", format_time(metadata.created));
    json.field("program", "isinfetch " ISINFETCH_VERSION);
    json.field("sha256", metadata.sha256);
    json.key("selection").begin_object();
    for (const auto& [option, value] : metadata.selection) {
        json.field(option, value);
    }
    json.end_object().key("sources").begin_array();
    for (const auto& [name, rows] : metadata.rows) {
        write_source(json, metadata, name, config.find(name));
    }
    json.end_array().end_object();
    return out.str() + "\n";
}

bool is_export_metadata(std::string_view text) {
    const auto document = JsonValue::parse(text);
    return document && document->at("schema").integer() &&
           document->at("program").text().starts_with("isinfetch ") &&
           document->at("sources").is_array();
}

bool describes_export(std::string_view text, std::string_view file) {
    return is_export_metadata(text) && JsonValue::parse(text)->at("file").text() == file;
}

}  // namespace isinfetch
