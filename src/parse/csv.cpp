#include "parse/format.hpp"
#include "parse/header.hpp"
#include "parse/text_input.hpp"
#include "util/error.hpp"
#include "util/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace isinfetch {

namespace {

constexpr std::array kDelimiters{';', ',', '\t', '|'};

bool is_blank(const std::vector<std::string_view>& cells) noexcept {
    return std::all_of(
        cells.begin(), cells.end(), [](std::string_view cell) { return trim(cell).empty(); });
}

class CsvParser {
public:
    CsvParser(ByteSource& input, const ParseOptions& options, const RecordSink& sink)
        : options_(options), sink_(sink), text_(input, options, "a CSV file") {}

    ParseSummary parse();

private:
    void find_header();
    void begin_data(const Row& row);
    bool is_header(const Row& row, const HeaderFinder& finder);
    void take_row(const Row& row);
    bool is_note() const;
    void judge_end();

    const ParseOptions& options_;
    const RecordSink& sink_;
    TextInput text_;
    char delimiter_ = ',';
    ColumnMap map_{};
    std::string header_{};  ///< its text; empty when the file has none
    std::size_t header_width_ = 0;
    std::vector<std::string_view> cells_{};
    std::string scratch_{};
    std::vector<std::uint64_t> rows_by_width_{};
    std::size_t last_width_ = 0;
    Position last_position_{};
    RawRecord record_{};
    ParseSummary summary_{};
};

/// Tries the delimiters on one row. Leaves the cells of a data row in cells_.
bool CsvParser::is_header(const Row& row, const HeaderFinder& finder) {
    const std::string_view line = text_.decoder().decode(row.text);
    for (const char delimiter : kDelimiters) {
        if (options_.delimiter != 0 && delimiter != kDelimiters.front()) {
            break;
        }
        delimiter_ = options_.delimiter != 0 ? options_.delimiter : delimiter;
        split_fields(line, delimiter_, cells_, scratch_);
        const HeaderFinder::Found found = finder.look_at(cells_, map_);
        if (found == HeaderFinder::Found::header) {
            header_ = line;
            header_width_ = cells_.size();
        }
        if (found != HeaderFinder::Found::nothing) {
            return true;
        }
    }
    return false;
}

/// From here on quotes count. In a file without header, `row` is data already.
void CsvParser::begin_data(const Row& row) {
    text_.rows().set_delimiter(delimiter_);
    if (header_.empty()) {
        take_row(row);
    }
}

/// Reads up to the header; in a file without one, takes its first row too.
void CsvParser::find_header() {
    const HeaderFinder finder(options_.columns);
    std::string first_line;
    Row row;
    while (row.position.line < options_.header_within && text_.rows().next(row)) {
        summary_.line_end = row.has_line_end;
        if (first_line.empty()) {
            first_line = trim(row.text);
        }
        if (is_header(row, finder)) {
            begin_data(row);
            return;
        }
    }
    if (first_line.empty()) {
        fail(ErrorKind::protocol, "the file is empty");
    }
    fail(ErrorKind::protocol,
         "no column named {} in the first {} lines; the file begins with '{}'",
         finder.wanted(),
         row.position.line,
         printable(first_line, 60));
}

/// Footnotes: rows that end before the ISIN column, or have one cell alone that is not the ISIN.
bool CsvParser::is_note() const {
    if (cells_.size() <= map_.isin()) {
        return true;
    }
    if (!trim(cells_[map_.isin()]).empty()) {
        return false;
    }
    const auto filled = std::count_if(
        cells_.begin(), cells_.end(), [](std::string_view cell) { return !trim(cell).empty(); });
    return filled == 1;
}

void CsvParser::take_row(const Row& row) {
    summary_.line_end = row.has_line_end;
    const std::string_view line = text_.decoder().decode(row.text);
    split_fields(line, delimiter_, cells_, scratch_);
    if (is_blank(cells_)) {
        return;
    }
    ++summary_.rows;
    last_width_ = cells_.size();
    last_position_ = row.position;
    if (is_note() || line == header_) {
        ++summary_.notes;
        return;
    }
    if (rows_by_width_.size() <= last_width_) {
        rows_by_width_.resize(last_width_ + 1);
    }
    ++rows_by_width_[last_width_];
    record_.position = row.position;
    record_.text = line;
    map_.fill(cells_, record_);
    sink_(record_);
}

/// A last row that is narrower than most others and has no line end is the sign of a cut file.
void CsvParser::judge_end() {
    if (last_width_ < rows_by_width_.size() && rows_by_width_[last_width_] > 0) {
        --rows_by_width_[last_width_];
    }
    std::size_t usual = header_width_;
    std::uint64_t most = 0;
    for (std::size_t width = 0; width < rows_by_width_.size(); ++width) {
        if (rows_by_width_[width] > most) {
            most = rows_by_width_[width];
            usual = width;
        }
    }
    if (!summary_.line_end && last_width_ < usual) {
        summary_.incomplete = fmt::format("line {}, byte {}: {} of {} columns and no line end",
                                          last_position_.line,
                                          last_position_.byte,
                                          last_width_,
                                          usual);
    }
}

ParseSummary CsvParser::parse() {
    find_header();
    Row row;
    while (text_.rows().next(row)) {
        take_row(row);
        text_.decoder().forget();
    }
    judge_end();
    summary_.encoding = text_.encoding();
    summary_.warnings = text_.warnings();
    return std::move(summary_);
}

}  // namespace

ParseSummary parse_csv(ByteSource& input, const ParseOptions& options, const RecordSink& sink) {
    return CsvParser(input, options, sink).parse();
}

}  // namespace isinfetch
