#include "cli/listing_output.hpp"

#include "util/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <sstream>

namespace isinfetch::cli {

namespace {

std::string csv_head() {
    std::string line = "source";
    for (const FieldInfo& field : field_table()) {
        append_csv(line, field.name);
    }
    return line + ",other,published,superseded,closed_as\n";
}

std::string csv_line(const StoredListing& stored, CsvCells cells) {
    std::string line = stored.source;
    for (const std::string& field : stored.listing.fields) {
        append_csv(line, field, cells);
    }
    append_csv(line, stored.listing.other, cells);
    append_csv(line, stored.published);
    append_csv(line, stored.superseded);
    append_csv(line, stored.closed_as);
    return line + "\n";
}

std::string no_head() {
    return "";
}

std::string json_line(const StoredListing& stored, CsvCells /*cells*/) {
    std::ostringstream out;
    JsonWriter json(out);
    write_listing_json(json, stored);
    return out.str() + "\n";
}

constexpr std::array kExportFormats{
    ExportFormat{"csv", "RFC 4180, UTF-8, a header line", csv_head, csv_line},
    ExportFormat{"jsonl", "one JSON object per line", no_head, json_line},
};

}  // namespace

bool looks_like_formula(std::string_view field) noexcept {
    constexpr std::array<std::string_view, 10> kBeginnings{
        "=", "+", "-", "@", "\t", "\r", "\uFF1D", "\uFF0B", "\uFF0D", "\uFF20"};
    constexpr std::string_view kOfNumbers = "+-0123456789.,eE%";
    const std::string_view text =
        field.substr(std::min(field.find_first_not_of(' '), field.size()));
    const bool is_number = text.find_first_not_of(kOfNumbers) == std::string_view::npos &&
                           text.find_first_of("+-", 1) == std::string_view::npos &&
                           text.find_first_of("0123456789") != std::string_view::npos;
    return !is_number && std::ranges::any_of(kBeginnings, [&](std::string_view beginning) {
        return text.starts_with(beginning);
    });
}

// Quoted only where it must be.
void append_csv(std::string& line, std::string_view field, CsvCells cells) {
    if (!line.empty()) {
        line += ',';
    }
    const bool is_guarded = cells == CsvCells::spreadsheet_safe && looks_like_formula(field);
    const std::string_view guard = is_guarded ? "'" : "";
    if (field.find_first_of("\",\r\n") == std::string_view::npos) {
        line += guard;
        line += field;
        return;
    }
    line += '"';
    line += guard;
    for (const char letter : field) {
        line += letter;
        if (letter == '"') {
            line += '"';
        }
    }
    line += '"';
}

std::string listing_line(const Listing& listing) {
    return fmt::format("{:12}  {:8}  {:12}  {}",
                       listing.isin(),
                       listing.venue().empty() ? "-" : one_line(listing.venue()),
                       listing[Field::symbol].empty() ? "-" : one_line(listing[Field::symbol]),
                       one_line(listing[Field::name]));
}

void write_listing_fields(JsonWriter& json, const Listing& listing) {
    for (std::size_t i = 0; i < kFieldCount; ++i) {
        json.field(field_table()[i].name, listing.fields[i]);
    }
    json.key("other");
    if (listing.other.empty()) {
        json.null();
    } else {
        json.raw(listing.other);
    }
}

void write_listing_members(JsonWriter& json, const StoredListing& stored) {
    json.field("source", stored.source);
    write_listing_fields(json, stored.listing);
    json.field("published", stored.published);
    json.field("superseded", stored.superseded);
    json.field("opened_as", stored.opened_as);
    json.field("closed_as", stored.closed_as);
}

void write_listing_json(JsonWriter& json, const StoredListing& stored) {
    json.begin_object();
    write_listing_members(json, stored);
    json.end_object();
}

std::span<const ExportFormat> export_formats() noexcept {
    return kExportFormats;
}

}  // namespace isinfetch::cli
