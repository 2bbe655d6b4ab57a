// The rows of a page's tables, cut out of it as it streams by: only one of them is ever in memory.
#pragma once

#include "core/record.hpp"
#include "util/bytes.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace isinfetch {

/// One row, reduced to the tags that make its cells and to the text in them. Bytes of the page's
/// encoding. Valid until the next call of next().
struct HtmlRow {
    std::string_view markup{};  ///< "<tr><td colspan=2>a &amp; b<td>c"
    Position position{};
    std::size_t table = 0;  ///< which of the page's tables, counting from 1
    bool closed = true;     ///< false: the page ends in it
};

/// Knows of HTML what is needed to find rows: comments, quoted attributes, scripts, tags that may
/// be left out. Of tables in tables, the inner ones' rows are rows, and the row around them is
/// none.
class HtmlRows {
public:
    /// Rows of more than `max_row` bytes are refused, and so are those of more cells than anybody
    /// writes.
    HtmlRows(ByteSource& input, std::uint64_t max_row);

    /// False after the last row. Throws Error{data} for a row beyond the limits.
    bool next(HtmlRow& row);

    /// Which table the page ends in; 0: in none. To be asked after the last row.
    std::size_t open_table() const noexcept { return tables_.empty() ? 0 : tables_.back(); }

private:
    enum class State { text, opening, declaration, comment, bogus, tag, raw };
    enum class Part { name, between, attribute, equals, quoted, unquoted };

    bool fill();
    void step(char letter);
    void step_opening(char letter);
    void step_declaration(char letter);
    void step_comment(char letter);
    void step_tag(char letter);
    void step_raw(char letter);
    static Part after_attribute(char letter) noexcept;
    void step_part(char letter);
    void keep(std::string_view bytes);
    void finish_tag();
    void open_row(std::string_view tag);
    void add_cell();
    void close_row(bool by_tag);
    void open_table_here();
    void close_table();

    ByteSource& input_;
    std::uint64_t max_row_;
    std::vector<char> buffer_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    Position position_{1, 0};  ///< of the next byte

    State state_ = State::text;
    Part part_ = Part::name;
    char quote_ = 0;
    int dashes_ = 0;
    Position tag_at_{};
    std::string tag_{};       ///< as written, as far as it is kept
    std::string name_{};      ///< lower case, "/" before that of an end tag
    std::string raw_end_{};   ///< "</script"
    std::string raw_tail_{};  ///< how much of it was seen

    std::vector<std::size_t> tables_{};  ///< open ones
    std::size_t table_count_ = 0;
    bool in_row_ = false;
    std::size_t cells_ = 0;
    std::string row_{};
    Position row_at_{};
    bool is_ready_ = false;
    std::string ready_{};
    HtmlRow ready_row_{};
};

}  // namespace isinfetch
