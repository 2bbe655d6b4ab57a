// Listings as text, JSON and CSV, one after the other: nothing is kept.
#pragma once

#include "store/query.hpp"
#include "util/bytes.hpp"
#include "util/json.hpp"

#include <iosfwd>
#include <span>
#include <string>
#include <string_view>

namespace isinfetch::cli {

/// "US0378331005  XNAS      AAPL        APPLE INC": one line.
std::string listing_line(const Listing& listing);

/// The fields of a listing as members of the object that is open; empty ones are null.
void write_listing_fields(JsonWriter& json, const Listing& listing);

/// What is written into the cells of a CSV file: the text as it was published, or with ' before
/// what a spreadsheet would take for a formula and carry out.
enum class CsvCells { as_published, spreadsheet_safe };

/// Appends a field of RFC 4180 to a line that is empty, or a comma before it.
void append_csv(std::string& line, std::string_view field, CsvCells cells = CsvCells::as_published);

/// Would a spreadsheet take it for a formula? What begins with = + - @, also in their full width,
/// behind blanks too, a tab or a carriage return; numbers are none.
/// Source: OWASP, "CSV Injection".
bool looks_like_formula(std::string_view field) noexcept;

/// Source, fields and the times of the version as members of the object that is open.
void write_listing_members(JsonWriter& json, const StoredListing& stored);

/// The same as a whole object.
void write_listing_json(JsonWriter& json, const StoredListing& stored);

/// A format that lists are exported in: one table (export_formats()).
struct ExportFormat {
    std::string_view name;
    std::string_view summary;
    std::string (*head)();  ///< what comes before the first listing
    std::string (*line)(const StoredListing& stored, CsvCells cells);
};

std::span<const ExportFormat> export_formats() noexcept;

}  // namespace isinfetch::cli
