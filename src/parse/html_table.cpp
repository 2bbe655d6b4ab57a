#include "parse/format.hpp"
#include "parse/header.hpp"
#include "parse/html_cells.hpp"
#include "parse/html_rows.hpp"
#include "parse/text_decoder.hpp"
#include "parse/text_start.hpp"
#include "util/error.hpp"
#include "util/html.hpp"
#include "util/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace isinfetch {

namespace {

constexpr std::size_t kMostColumns = 16'384;

using Cells = std::vector<std::string>;

class HtmlTableParser {
public:
    HtmlTableParser(ByteSource& input, const ParseOptions& options, const RecordSink& sink)
        : options_(options.html),
          sink_(sink),
          start_(input),
          decoder_(encoding_of(options, start_)),
          rows_(start_.text(), options.max_record),
          finder_(options.columns) {}

    ParseSummary parse();

private:
    static Encoding encoding_of(const ParseOptions& options, const TextStart& start);
    void take_row(const HtmlRow& row);
    void look_for_header(const HtmlRow& row, const std::vector<HtmlCell>& cells);
    void take_data(const HtmlRow& row, const std::vector<HtmlCell>& cells);
    void expand(const std::vector<HtmlCell>& cells);
    std::size_t find_split() const;
    void split_cell();
    void emit(const HtmlRow& row);
    bool is_note() const;

    const HtmlOptions& options_;
    const RecordSink& sink_;
    TextStart start_;
    TextDecoder decoder_;
    HtmlRows rows_;
    HeaderFinder finder_;
    std::size_t table_ = 0;  ///< whose header was found last
    Cells header_{};         ///< as in the page
    ColumnMap map_{};
    std::size_t split_at_ = std::string::npos;  ///< the column that is split
    std::size_t width_ = 0;                     ///< columns, without that of the section
    std::string section_{};
    std::string nul_{};  ///< the warning about the first one
    Cells cells_{};
    RawRecord record_{};
    ParseSummary summary_{};
};

/// What is configured beats what the page says of itself, which beats what the bytes look like.
Encoding HtmlTableParser::encoding_of(const ParseOptions& options, const TextStart& start) {
    return options.encoding != Encoding::automatic ? options.encoding
                                                   : declared_encoding(start.first());
}

/// Into cells_; what goes over several columns is in the first of them.
void HtmlTableParser::expand(const std::vector<HtmlCell>& cells) {
    cells_.clear();
    for (const HtmlCell& cell : cells) {
        cells_.push_back(cell.text);
        cells_.resize(std::min(cells_.size() + cell.span - 1, kMostColumns));
    }
}

/// The column of cells_ that is to be split, or npos.
std::size_t HtmlTableParser::find_split() const {
    for (const std::string& name : options_.split.columns) {
        const auto found = std::find_if(cells_.begin(), cells_.end(), [&](const std::string& cell) {
            return plain_name(cell) == plain_name(name);
        });
        if (found != cells_.end() && !options_.split.into.empty()) {
            return static_cast<std::size_t>(found - cells_.begin());
        }
    }
    return std::string::npos;
}

/// Takes what stands before `mark`, which is in `rest`, and all marks that follow it.
std::string_view take_part(std::string_view& rest, std::string_view mark) {
    const std::string_view part = trim(rest.substr(0, rest.find(mark)));
    rest.remove_prefix(rest.find(mark) + mark.size());
    while (rest.starts_with(mark)) {
        rest.remove_prefix(mark.size());
    }
    return part;
}

/// One cell becomes as many as the names that its column was split into.
void HtmlTableParser::split_cell() {
    if (split_at_ >= cells_.size()) {
        return;
    }
    std::string_view rest = cells_[split_at_];
    Cells parts;
    for (const std::string& mark : options_.split.at) {
        while (!mark.empty() && parts.size() + 1 < options_.split.into.size() &&
               rest.find(mark) != std::string_view::npos) {
            parts.emplace_back(take_part(rest, mark));
        }
    }
    parts.emplace_back(trim(rest));
    parts.resize(options_.split.into.size());
    const auto place = cells_.begin() + static_cast<std::ptrdiff_t>(split_at_);
    cells_.insert(cells_.erase(place), parts.begin(), parts.end());
}

void HtmlTableParser::look_for_header(const HtmlRow& row, const std::vector<HtmlCell>& cells) {
    expand(cells);
    const Cells as_written = cells_;
    const std::size_t split_at = find_split();
    if (split_at != std::string::npos) {
        const auto place = cells_.begin() + static_cast<std::ptrdiff_t>(split_at);
        const Cells& into = options_.split.into;
        cells_.insert(cells_.erase(place), into.begin(), into.end());
    }
    const std::size_t width = cells_.size();
    cells_.push_back(options_.section);
    const std::vector<std::string_view> views(cells_.begin(), cells_.end());
    const HeaderFinder::Found found = finder_.look_at(views, map_);
    if (found == HeaderFinder::Found::nothing) {
        return;
    }
    table_ = row.table;
    split_at_ = split_at;
    width_ = width;
    header_ = as_written;
    section_.clear();
    if (found == HeaderFinder::Found::data) {
        header_.clear();
        take_data(row, cells);
    }
}

/// As in a CSV file: what ends before the ISIN column, or has one cell alone that is not the ISIN.
bool HtmlTableParser::is_note() const {
    if (map_.ends_before_isin(cells_.size())) {
        return true;
    }
    const auto filled = std::count_if(
        cells_.begin(), cells_.end(), [](const std::string& cell) { return !cell.empty(); });
    return filled == 1 && !map_.has_isin({cells_.begin(), cells_.end()});
}

void HtmlTableParser::take_data(const HtmlRow& row, const std::vector<HtmlCell>& cells) {
    expand(cells);
    if (std::all_of(cells_.begin(), cells_.end(), [](const auto& cell) { return cell.empty(); })) {
        return;
    }
    ++summary_.rows;
    const bool is_heading = cells.size() == 1 && width_ > 1;
    if (is_heading) {
        section_ = cells.front().text;
    }
    const bool repeats_names = cells_ == header_;
    split_cell();
    if (repeats_names || is_heading || is_note()) {
        ++summary_.footnotes;
        return;
    }
    emit(row);
}

void HtmlTableParser::emit(const HtmlRow& row) {
    const std::string text = join(cells_, " | ");
    cells_.resize(options_.section.empty() ? cells_.size() : width_);
    cells_.push_back(section_);
    const std::vector<std::string_view> views(cells_.begin(), cells_.end());
    record_.position = row.position;
    record_.text = text;
    map_.deliver(views, record_, sink_);
}

void HtmlTableParser::take_row(const HtmlRow& row) {
    const std::vector<HtmlCell> cells = html_cells(decoder_.decode(row.markup));
    decoder_.forget();
    if (nul_.empty() && row.markup.find('\0') != std::string_view::npos) {
        nul_ = fmt::format(
            "text has NUL bytes, the first in the row of line {}, byte {}: U+FFFD stands for them",
            row.position.line,
            row.position.byte);
    }
    if (row.table == table_) {
        take_data(row, cells);
    } else {
        look_for_header(row, cells);
    }
    if (!row.closed) {
        summary_.incomplete = fmt::format(
            "line {}, byte {}: the page ends in a row", row.position.line, row.position.byte);
    }
}

ParseSummary HtmlTableParser::parse() {
    decoder_.judge(start_.first().substr(0, start_.first().rfind('<')));
    HtmlRow row;
    while (rows_.next(row)) {
        take_row(row);
    }
    if (table_ == 0 && !finder_.near_miss().empty()) {
        fail(ErrorKind::protocol, "{}", finder_.near_miss());
    }
    if (table_ == 0) {
        const auto title = html_title(start_.first());
        fail(ErrorKind::protocol,
             "no table with a column named {}; the file begins with '{}'{}",
             finder_.wanted(),
             printable(trim(start_.first()), 60),
             title && !title->empty() ? fmt::format(" (title '{}')", *title) : "");
    }
    if (summary_.incomplete.empty() && rows_.open_table() != 0) {
        summary_.incomplete = "the page ends in a table";
    }
    summary_.has_end = summary_.incomplete.empty();
    summary_.encoding = start_.wide().empty() ? decoder_.found() : std::string(start_.wide());
    summary_.warnings = decoder_.warnings();
    if (!nul_.empty()) {
        summary_.warnings.push_back(nul_);
    }
    return std::move(summary_);
}

}  // namespace

ParseSummary parse_html_table(ByteSource& input,
                              const ParseOptions& options,
                              const RecordSink& sink) {
    return HtmlTableParser(input, options, sink).parse();
}

}  // namespace isinfetch
