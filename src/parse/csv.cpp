#include "parse/format.hpp"
#include "parse/header.hpp"
#include "parse/text_input.hpp"
#include "util/error.hpp"
#include "util/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>

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
    std::span<const char> delimiters() const noexcept;
    void find_header();
    bool find_over_lines(const HeaderFinder& finder, Row& row);
    bool is_header(const Row& row, char delimiter, const HeaderFinder& finder);
    void begin_data(const Row& row);
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

std::span<const char> CsvParser::delimiters() const noexcept {
    return options_.delimiter != 0 ? std::span(&options_.delimiter, 1) : std::span(kDelimiters);
}

/// Leaves the cells of a data row in cells_.
bool CsvParser::is_header(const Row& row, char delimiter, const HeaderFinder& finder) {
    const std::string_view line = text_.decode(row);
    split_fields(line, delimiter, cells_, scratch_);
    const HeaderFinder::Found found = finder.look_at(cells_, map_);
    if (found == HeaderFinder::Found::header) {
        header_ = line;
        header_width_ = cells_.size();
    }
    delimiter_ = delimiter;
    return found != HeaderFinder::Found::nothing;
}

/// Takes the header when it is the next row and has line breaks in its quotes. Before single lines
/// are tried: the first line of such a header may name the ISIN column already.
bool CsvParser::find_over_lines(const HeaderFinder& finder, Row& row) {
    for (const char delimiter : delimiters()) {
        RowReader& rows = text_.rows();
        if (rows.look_over_lines(delimiter, options_.header_within, row) &&
            is_header(row, delimiter, finder)) {
            rows.set_delimiter(delimiter);
            return rows.next(row);
        }
    }
    return false;
}

/// From here on quotes count. In a file without header, `row` is data already.
void CsvParser::begin_data(const Row& row) {
    refuse_lone_cr(row);
    summary_.line_end = row.has_line_end;
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
    std::uint64_t lines = 0;
    while (lines < options_.header_within) {
        if (find_over_lines(finder, row)) {
            begin_data(row);
            return;
        }
        if (!text_.rows().next(row)) {
            break;
        }
        lines = row.position.line;
        if (first_line.empty()) {
            first_line = trim(row.text);
        }
        const auto matches = [&](char delimiter) { return is_header(row, delimiter, finder); };
        if (std::ranges::any_of(delimiters(), matches)) {
            begin_data(row);
            return;
        }
        if (!row.has_line_end) {
            refuse_lone_cr(row);
        }
    }
    if (first_line.empty()) {
        fail(ErrorKind::protocol, "the file is empty");
    }
    fail(ErrorKind::protocol,
         "no column named {} in the first {} lines; the file begins with '{}'",
         finder.wanted(),
         lines,
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
    const std::string_view line = text_.decode(row);
    split_fields(line, delimiter_, cells_, scratch_);
    if (is_blank(cells_)) {
        return;
    }
    ++summary_.rows;
    last_width_ = cells_.size();
    last_position_ = row.position;
    if (is_note() || line == header_) {
        ++summary_.footnotes;
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
        text_.forget();
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
