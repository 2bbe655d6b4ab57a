#include "parse/format.hpp"
#include "parse/header.hpp"
#include "parse/text_input.hpp"
#include "util/error.hpp"
#include "util/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace isinfetch {

namespace {

std::optional<std::uint64_t> whole_number(std::string_view text) noexcept {
    std::uint64_t value = 0;
    const char* end = text.data() + text.size();
    const auto [stop, failure] = std::from_chars(text.data(), end, value);
    return failure == std::errc{} && stop == end ? std::optional(value) : std::nullopt;
}

/// Blank, or the mark with which DOS ended a text.
bool is_empty(std::string_view line) noexcept {
    const std::string_view text = trim(line);
    return text.empty() || text == "\x1A";
}

class FixedParser {
public:
    FixedParser(ByteSource& input, const ParseOptions& options, const RecordSink& sink)
        : options_(options.fixed),
          sink_(sink),
          text_(input, options, "lines of fixed columns"),
          map_(ColumnMap::in_order(options.columns)) {
        std::transform(
            options.columns.begin(), options.columns.end(), std::back_inserter(ranges_), range_of);
    }

    ParseSummary parse();

private:
    static ByteRange range_of(const Column& column);
    void take_line(const Row& row);
    bool check_length(const Row& row);
    bool is_record(std::string_view line) const;
    bool is_trailer(std::string_view line) const;
    void take_record(const Row& row);
    void take_trailer(const Row& row);
    void judge_end();

    const FixedOptions& options_;
    const RecordSink& sink_;
    TextInput text_;
    std::vector<ByteRange> ranges_{};  ///< of the columns, in their order
    ColumnMap map_;
    std::vector<std::string_view> cells_{};
    RawRecord record_{};
    std::uint64_t lines_ = 0;  ///< not blank
    std::optional<Position> trailer_{};
    std::string announced_{};
    ParseSummary summary_{};
};

ByteRange FixedParser::range_of(const Column& column) {
    const auto range = ByteRange::parse(column.names.front());
    if (!range) {
        fail(ErrorKind::config,
             "column '{}': '{}' is no range of bytes such as 231-242",
             column.target,
             printable(column.names.front()));
    }
    return *range;
}

bool FixedParser::is_record(std::string_view line) const {
    const auto& marks = options_.records;
    return marks.empty() || std::any_of(marks.begin(), marks.end(), [&](const std::string& mark) {
               return line.starts_with(mark);
           });
}

bool FixedParser::is_trailer(std::string_view line) const {
    return !options_.trailer.empty() && line.starts_with(options_.trailer);
}

/// False for a last line that was cut.
bool FixedParser::check_length(const Row& row) {
    if (options_.length == 0 || row.text.size() == options_.length) {
        return true;
    }
    const std::string found = fmt::format("line {}, byte {}: {} bytes instead of {}",
                                          row.position.line,
                                          row.position.byte,
                                          row.text.size(),
                                          options_.length);
    if (row.has_line_end || row.text.size() > options_.length) {
        fail(ErrorKind::data, "{}: damaged, or of another layout", found);
    }
    summary_.incomplete = found + " and no line end";
    return false;
}

void FixedParser::take_record(const Row& row) {
    ++summary_.rows;
    record_.text = text_.decode(row);
    cells_.clear();
    for (const ByteRange& range : ranges_) {
        cells_.push_back(text_.decode_part(range.of(row.text)));
    }
    if (row.text.size() < ranges_[map_.isin()].first) {
        ++summary_.footnotes;
        return;
    }
    record_.position = row.position;
    map_.deliver(cells_, record_, sink_);
}

void FixedParser::take_trailer(const Row& row) {
    trailer_ = row.position;
    announced_ = trim(options_.total.of(row.text));
}

void FixedParser::take_line(const Row& row) {
    ++lines_;
    if (trailer_) {
        fail(ErrorKind::data,
             "line {}, byte {}: a line behind the last one, '{}', of line {}",
             row.position.line,
             row.position.byte,
             options_.trailer,
             trailer_->line);
    }
    if (!check_length(row)) {
        return;
    }
    if (is_trailer(row.text)) {
        take_trailer(row);
    } else if (is_record(row.text)) {
        take_record(row);
    }
}

/// The trailer, where there is to be one, tells more than the last line's end.
void FixedParser::judge_end() {
    if (options_.trailer.empty() || !summary_.incomplete.empty()) {
        return;
    }
    summary_.line_end = true;
    summary_.has_end = trailer_.has_value();
    if (!trailer_) {
        summary_.incomplete =
            fmt::format("no last line that begins with '{}' in {} lines", options_.trailer, lines_);
    } else if (options_.total.first != 0 && whole_number(announced_) != lines_) {
        summary_.incomplete = fmt::format("line {} announces {} lines, the file has {}",
                                          trailer_->line,
                                          printable(announced_),
                                          lines_);
    }
}

ParseSummary FixedParser::parse() {
    Row row;
    while (text_.rows().next(row)) {
        text_.forget();
        if (!is_empty(row.text)) {
            summary_.line_end = row.has_line_end;
            take_line(row);
        }
    }
    if (!options_.records.empty() && summary_.rows == 0 && lines_ > 0 && !trailer_) {
        fail(ErrorKind::protocol,
             "no line begins with '{}', as records do",
             join(options_.records, "' or '"));
    }
    judge_end();
    summary_.encoding = text_.encoding();
    summary_.warnings = text_.warnings();
    return std::move(summary_);
}

}  // namespace

std::optional<ByteRange> ByteRange::parse(std::string_view text) {
    constexpr std::size_t kLongest = 6;  // digits
    const std::size_t hyphen = text.find('-');
    const std::string_view first = text.substr(0, hyphen);
    const std::string_view last =
        hyphen == std::string_view::npos ? first : text.substr(hyphen + 1);
    if (first.size() > kLongest || last.size() > kLongest) {
        return std::nullopt;
    }
    const auto from = whole_number(first);
    const auto to = whole_number(last);
    if (!from || !to || *from == 0 || *to < *from) {
        return std::nullopt;
    }
    return ByteRange{*from, *to};
}

std::string_view ByteRange::of(std::string_view line) const noexcept {
    return first == 0 || first > line.size() ? std::string_view{}
                                             : line.substr(first - 1, last - first + 1);
}

ParseSummary parse_fixed(ByteSource& input, const ParseOptions& options, const RecordSink& sink) {
    return FixedParser(input, options, sink).parse();
}

}  // namespace isinfetch
