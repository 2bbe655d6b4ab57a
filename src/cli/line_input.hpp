// Texts line by line, from arguments' files or standard input, in memory that does not grow.
#pragma once

#include "util/bytes.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace isinfetch::cli {

struct Line {
    std::string_view text{};   ///< any bytes but LF; of a line that is too long: its beginning
    std::uint64_t number = 0;  ///< counting from 1
    std::uint64_t byte = 0;    ///< where it begins in the input, counting from 0
    bool too_long = false;     ///< longer than the reader's limit
};

/// Splits a stream into lines. A line ends at LF; at CR LF too, if and only if the first line does:
/// else a CR is part of the text. The last line need not end. A UTF-8 byte order mark at the very
/// start is skipped, and counted in Line::byte.
class LineReader {
public:
    /// At most `limit` bytes of a line are given; the rest of a longer one is skipped. The input
    /// must outlive the reader.
    LineReader(ByteSource& input, std::size_t limit);

    /// False after the last line. The text is valid until the next call. Throws what the input
    /// throws.
    bool next(Line& line);

    /// What has been read and not given yet, from the beginning of a line; empty only at the end.
    /// Valid until the next call of a member. For callers that have a quick way with some lines.
    std::string_view ahead();

    /// Passes over the first `lines` lines of ahead(): `bytes` bytes with their line feeds.
    void skip(std::size_t lines, std::size_t bytes) noexcept;

    /// Has all that was read been given? Then the next call waits for the input.
    bool drained() const noexcept { return begin_ == end_; }

private:
    struct Rest {
        std::size_t length = 0;  ///< of the line, as far as it was looked for
        bool ended = false;      ///< by a line feed
    };

    void start_line();
    void skip_byte_order_mark();
    void skip_rest_of_line();
    Rest find_end();
    bool fill();
    void take(std::size_t count) noexcept;
    std::string_view rest() const noexcept { return {buffer_.data() + begin_, end_ - begin_}; }

    ByteSource& input_;
    std::size_t limit_;
    std::vector<char> buffer_;
    std::size_t begin_ = 0;     ///< of what was not given yet
    std::size_t end_ = 0;       ///< of what was read
    std::uint64_t byte_ = 0;    ///< of the input, where begin_ is
    std::uint64_t number_ = 0;  ///< of the line before
    bool at_end_ = false;
    bool inside_line_ = false;  ///< of one that is too long
    bool crlf_ = false;
};

/// The file of that name; "-" is standard input, of which a read gives what is there already.
/// Throws Error{gone} when there is no such file.
std::unique_ptr<ByteSource> open_input(const std::string& name);

}  // namespace isinfetch::cli
