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

/// Splits a stream into rows. A row ends at LF; a CR before it belongs to the line end. Inside
/// quotes (opened at the start of a field) a line break is text.
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
        std::size_t length = 0;  ///< without the line feed
        bool ended = false;
    };

    bool fill();
    Line find_line(std::size_t from);
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
    Position position_{1, 0};
};

/// Throws Error{data} when a CR stands outside quotes in the middle of `row`: the file's lines end
/// with CR alone, as on old Macintoshes, and the row is many of them. For the first rows only: a
/// CR in a field of a later row is text.
void refuse_lone_cr(const Row& row);

/// Splits a row into its fields, quotes removed and doubled quotes made single. Views point into
/// `row` or `scratch`. `fields` is overwritten.
void split_fields(std::string_view row,
                  char delimiter,
                  std::vector<std::string_view>& fields,
                  std::string& scratch);

}  // namespace isinfetch
