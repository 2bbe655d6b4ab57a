#include "parse/format.hpp"
#include "parse/header.hpp"
#include "parse/missing_header.hpp"
#include "parse/text_input.hpp"
#include "util/error.hpp"
#include "util/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

namespace isinfetch {

namespace {

bool is_blank(const std::vector<std::string_view>& cells) noexcept {
    return std::all_of(
        cells.begin(), cells.end(), [](std::string_view cell) { return trim(cell).empty(); });
}

class CsvParser {
public:
    CsvParser(ByteSource& input, const ParseOptions& options, const RecordSink& sink)
        : options_(options),
          sink_(sink),
          text_(input, options, "a CSV file"),
          finder_(options.columns) {}

    ParseSummary parse();

private:
    std::span<const char> delimiters() const noexcept;
    void find_header();
    bool find_over_lines(Row& row);
    bool is_header(const Row& row, char delimiter);
    [[noreturn]] void fail_without_header(const std::vector<std::string>& lines) const;
    void begin_data(const Row& row);
    void take_row(const Row& row);
    bool is_note() const;
    void drop_apostrophes();
    void judge_end();

    const ParseOptions& options_;
    const RecordSink& sink_;
    TextInput text_;
    HeaderFinder finder_;
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
    return options_.delimiter != 0 ? std::span(&options_.delimiter, 1) : usual_delimiters();
}

/// Leaves the cells of a data row in cells_.
bool CsvParser::is_header(const Row& row, char delimiter) {
    const std::string_view line = text_.decode(row);
    split_fields(line, delimiter, cells_, scratch_);
    const HeaderFinder::Found found = finder_.look_at(cells_, map_);
    if (found == HeaderFinder::Found::header) {
        header_ = line;
        header_width_ = cells_.size();
    }
    delimiter_ = delimiter;
    return found != HeaderFinder::Found::nothing;
}

/// Takes the header when it is the next row and has line breaks in its quotes. Before single lines
/// are tried: the first line of such a header may name the ISIN column already.
bool CsvParser::find_over_lines(Row& row) {
    for (const char delimiter : delimiters()) {
        RowReader& rows = text_.rows();
        if (rows.look_over_lines(delimiter, options_.header_within, row) &&
            is_header(row, delimiter)) {
            rows.set_delimiter(delimiter);
            return rows.next(row);
        }
    }
    return false;
}

/// From here on quotes count. In a file without header, `row` is data already.
void CsvParser::begin_data(const Row& row) {
    summary_.line_end = row.has_line_end;
    text_.rows().set_delimiter(delimiter_);
    if (header_.empty()) {
        take_row(row);
    }
}

/// Reads up to the header; in a file without one, takes its first row too.
void CsvParser::find_header() {
    constexpr std::size_t kLineKept = 4096;
    std::vector<std::string> lines;
    Row row;
    std::uint64_t line = 0;
    while (line < options_.header_within) {
        if (find_over_lines(row)) {
            begin_data(row);
            return;
        }
        if (!text_.rows().next(row)) {
            break;
        }
        line = row.position.line;
        lines.emplace_back(row.text.substr(0, kLineKept));
        const auto matches = [&](char delimiter) { return is_header(row, delimiter); };
        if (std::ranges::any_of(delimiters(), matches)) {
            begin_data(row);
            return;
        }
    }
    fail_without_header(lines);
}

void CsvParser::fail_without_header(const std::vector<std::string>& lines) const {
    const auto first =
        std::ranges::find_if(lines, [](const std::string& line) { return !trim(line).empty(); });
    if (first == lines.end()) {
        fail(ErrorKind::protocol, "the file is empty");
    }
    if (!finder_.near_miss().empty()) {
        fail(ErrorKind::protocol, "{}", finder_.near_miss());
    }
    const std::string why = explain_missing_header(lines, options_);
    fail(ErrorKind::protocol,
         "no column named {} in the first {} lines{}{}; the file begins with '{}'",
         finder_.wanted(),
         lines.size(),
         why.empty() ? "" : ": ",
         why,
         printable(trim(*first), 60));
}

/// Footnotes: rows that end before the ISIN column, or have one cell alone that is not the ISIN.
bool CsvParser::is_note() const {
    if (map_.ends_before_isin(cells_.size())) {
        return true;
    }
    if (map_.has_isin(cells_)) {
        return false;
    }
    const auto filled = std::count_if(
        cells_.begin(), cells_.end(), [](std::string_view cell) { return !trim(cell).empty(); });
    return filled == 1;
}

/// Where the ISIN's cell is written as a text for spreadsheets, with an apostrophe before it, the
/// others are too.
void CsvParser::drop_apostrophes() {
    if (map_.isin() >= cells_.size() || !trim(cells_[map_.isin()]).starts_with('\'')) {
        return;
    }
    for (std::string_view& cell : cells_) {
        cell = without_apostrophe(cell);
    }
}

void CsvParser::take_row(const Row& row) {
    summary_.line_end = row.has_line_end;
    const std::string_view line = text_.decode(row);
    split_fields(line, delimiter_, cells_, scratch_);
    drop_apostrophes();
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
    map_.deliver(cells_, record_, sink_);
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
