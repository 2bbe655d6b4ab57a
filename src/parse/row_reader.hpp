// Bytes become rows: lines, quotes, embedded line breaks. Knows nothing of columns or ISINs.
#pragma once

#include "core/record.hpp"
#include "util/bytes.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace isinfetch {

/// One row. Views are valid until the next call of next().
struct Row {
    std::string_view text{};  ///< without its line end
    Position position{};
    bool has_line_end = true;
};

/// Splits a stream into rows. A row ends at LF, to which CRs before it belong, or at a CR alone, as
/// the lines of old Macintoshes do. Inside quotes (opened at the start of a field) a line break is
/// text. The mark with which DOS ended a text (0x1A) at the end of the input is no part of it.
class RowReader {
public:
    /// Rows longer than `max_row` bytes are refused: an open quote, or no text at all.
    RowReader(ByteSource& input, std::uint64_t max_row);

    /// Quotes matter only once the delimiter is known; without one every line is a row.
    void set_delimiter(char delimiter) { delimiter_ = delimiter; }

    /// False after the last row. Throws Error{data} for a quote that is never closed, named by
    /// where it opens, and for a row that is too long.
    bool next(Row& row);

    /// The next row as it would be with this delimiter, left where it is: when it goes over more
    /// than one line, but not over more than `lines`, and its quotes close where fields end.
    bool look_over_lines(char delimiter, std::uint64_t lines, Row& row);

    /// The first bytes of the input, to look at before the first row; `count` at most.
    std::string_view peek(std::size_t count);

    /// Drops the first bytes of the input (a byte order mark).
    void skip(std::size_t count);

private:
    struct Line {
        std::size_t length = 0;  ///< without the line end
        std::size_t next = 0;    ///< where the next one begins
        bool ended = false;
    };

    bool fill();
    std::size_t find_end(std::size_t from, std::size_t size) const noexcept;
    Line find_line(std::size_t from);
    Line end_at_cr(std::size_t at);
    bool is_last(std::size_t next);
    void drop_dos_end(Line& line);
    Row row_of(const Line& line) const;
    Position position_of(std::size_t offset) const;
    std::uint64_t finish_quoted(Line& line);

    ByteSource& input_;
    std::uint64_t max_row_;
    char delimiter_ = 0;
    std::vector<char> buffer_;
    std::size_t begin_ = 0;  ///< of what is not yet taken
    std::size_t end_ = 0;    ///< of what was read
    bool at_end_ = false;
    bool saw_feed_ = false;  ///< a line that ended with LF
    Position position_{1, 0};
};

/// Splits a row into its fields, quotes removed and doubled quotes made single, also those of
/// ="0123", with which spreadsheets are told that a field is a text. Views point into `row` or
/// `scratch`. `fields` is overwritten.
void split_fields(std::string_view row,
                  char delimiter,
                  std::vector<std::string_view>& fields,
                  std::string& scratch);

/// 'US0378331005 as spreadsheets understand it, as a text without its apostrophe; also without one
/// behind it.
std::string_view without_apostrophe(std::string_view field) noexcept;

}  // namespace isinfetch
