#include "parse/row_reader.hpp"

#include "util/error.hpp"
#include "util/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace isinfetch {

namespace {

constexpr std::size_t kBufferSize = std::size_t{256} * 1024;
constexpr char kQuote = '"';
constexpr std::string_view kTextFormula = "=\"";
constexpr char kDosEnd = '\x1A';

/// Follows quotes over the pieces of one row. A quote opens at the start of a field only; inside,
/// two quotes are one.
class QuoteScan {
public:
    explicit QuoteScan(char delimiter) noexcept : delimiter_(delimiter) {}

    /// Is a quote open behind `piece`, the next one of the row?
    bool is_open_after(std::string_view piece) noexcept {
        for (const char letter : piece) {
            step(letter);
            ++taken_;
        }
        return state_ == State::quoted;
    }

    /// Does every quoted field end where a field must end?
    bool is_clean() const noexcept { return clean_; }

    /// Where in the row the last quoted field begins.
    std::size_t opened_at() const noexcept { return opened_at_; }

private:
    enum class State { at_start, plain, quoted, closed };

    void step(char letter) noexcept {
        if (state_ == State::quoted) {
            state_ = letter == kQuote ? State::closed : State::quoted;
        } else if (letter == kQuote && state_ != State::plain) {
            opened_at_ = state_ == State::at_start ? taken_ : opened_at_;
            state_ = State::quoted;
        } else {
            clean_ = clean_ && (state_ != State::closed || letter == delimiter_ || letter == '\r');
            state_ = letter == delimiter_ ? State::at_start : State::plain;
        }
    }

    char delimiter_;
    State state_ = State::at_start;
    std::size_t taken_ = 0;
    std::size_t opened_at_ = 0;
    bool clean_ = true;
};

/// A quoted field at the start of `row`: appends its text to `scratch`, gives the length taken.
std::size_t take_quoted(std::string_view row, std::string& scratch) {
    std::size_t i = 1;
    while (i < row.size()) {
        const std::size_t quote = std::min(row.find(kQuote, i), row.size());
        scratch.append(row.substr(i, quote - i));
        if (quote + 1 >= row.size() || row[quote + 1] != kQuote) {
            return std::min(quote + 1, row.size());
        }
        scratch += kQuote;
        i = quote + 2;
    }
    return row.size();
}

/// ="US0378331005" without what makes it a text: as it is when the whole field was in quotes.
std::string_view without_formula(std::string_view field) noexcept {
    const bool is_formula = field.size() > kTextFormula.size() && field.starts_with(kTextFormula) &&
                            field.ends_with(kQuote);
    return is_formula ? field.substr(kTextFormula.size(), field.size() - kTextFormula.size() - 1)
                      : field;
}

}  // namespace

RowReader::RowReader(ByteSource& input, std::uint64_t max_row)
    : input_(input), max_row_(max_row), buffer_(kBufferSize) {}

/// Reads more behind what is there; false at the end of the input. Moves the buffer's contents.
bool RowReader::fill() {
    if (at_end_) {
        return false;
    }
    if (begin_ > 0) {
        std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
        end_ -= begin_;
        begin_ = 0;
    }
    if (end_ == buffer_.size()) {
        buffer_.resize(2 * buffer_.size());
    }
    const std::size_t count = input_.read({buffer_.data() + end_, buffer_.size() - end_});
    end_ += count;
    at_end_ = count == 0;
    return !at_end_;
}

std::string_view RowReader::peek(std::size_t count) {
    while (end_ - begin_ < count && fill()) {
    }
    return {buffer_.data() + begin_, std::min(count, end_ - begin_)};
}

void RowReader::skip(std::size_t count) {
    begin_ += count;
    position_.byte += count;
}

/// The first LF or CR of so many bytes at `from`, counted from begin_; where they end if there is
/// none.
std::size_t RowReader::find_end(std::size_t from, std::size_t size) const noexcept {
    const char* const start = buffer_.data() + begin_;
    const auto place_of = [start](const void* found) {
        return static_cast<std::size_t>(static_cast<const char*>(found) - start);
    };
    if (const void* const feed = std::memchr(start + from, '\n', size)) {
        size = place_of(feed) - from;
    }
    const void* const cr = std::memchr(start + from, '\r', size);
    return cr == nullptr ? from + size : place_of(cr);
}

/// The line end at or behind `from`, counted from begin_; reads on until there is one or the row is
/// too long, which leaves the line without end. In pieces: a file may have no LF at all.
RowReader::Line RowReader::find_line(std::size_t from) {
    constexpr std::size_t kPiece = 4096;
    while (true) {
        const std::size_t have = end_ - begin_;
        if (from == have && (have > max_row_ || !fill())) {
            return {have, have, false};
        }
        const std::size_t left = end_ - begin_ - from;
        from = find_end(from, std::min(kPiece, left));
        const char found = from < end_ - begin_ ? buffer_[begin_ + from] : '\0';
        if (found == '\n') {
            saw_feed_ = true;
            return {from, from + 1, true};
        }
        if (found == '\r') {
            return end_at_cr(from);
        }
    }
}

/// The line whose first CR is at `at`: it ends with that, with CR LF or with CR CR LF. At the end
/// of the input a CR is a line's end only where lines end with CR: elsewhere its LF was cut off.
RowReader::Line RowReader::end_at_cr(std::size_t at) {
    constexpr std::size_t kMostCrs = 2;
    const auto letter_at = [&](std::size_t place) {
        return is_last(place) ? '\0' : buffer_[begin_ + place];
    };
    for (std::size_t crs = 1; crs <= kMostCrs; ++crs) {
        const char letter = letter_at(at + crs);
        if (letter == '\n') {
            saw_feed_ = true;
            return {at, at + crs + 1, true};
        }
        if (letter != '\r') {
            break;
        }
    }
    return {at, at + 1, !saw_feed_ || !is_last(at + 1)};
}

/// Is `next` the end of the input?
bool RowReader::is_last(std::size_t next) {
    while (next >= end_ - begin_) {
        if (!fill()) {
            return true;
        }
    }
    return false;
}

/// What ends so is whole, whether its last line has an end of its own or not.
void RowReader::drop_dos_end(Line& line) {
    const auto has_mark = [&] {
        return line.length > 0 && buffer_[begin_ + line.length - 1] == kDosEnd;
    };
    if (has_mark() && is_last(line.next)) {
        while (has_mark()) {
            --line.length;
        }
        line.ended = true;
    }
}

/// Where the byte `offset` of the row that begins at begin_ is.
Position RowReader::position_of(std::size_t offset) const {
    const std::string_view before(buffer_.data() + begin_, offset);
    std::uint64_t lines = 0;
    for (std::size_t i = 0; i < before.size(); ++i) {
        const bool is_lone_cr = before[i] == '\r' && i + 1 < before.size() &&
                                before[i + 1] != '\r' && before[i + 1] != '\n';
        lines += before[i] == '\n' || is_lone_cr ? 1U : 0U;
    }
    return {position_.line + lines, position_.byte + offset};
}

/// Goes on over line ends inside quotes; gives their number.
std::uint64_t RowReader::finish_quoted(Line& line) {
    QuoteScan quotes(delimiter_);
    std::uint64_t inner_lines = 0;
    std::size_t scanned = 0;
    while (quotes.is_open_after({buffer_.data() + begin_ + scanned, line.length - scanned})) {
        if (!line.ended || line.length > max_row_) {
            const Position opened = position_of(quotes.opened_at());
            fail(ErrorKind::data,
                 "line {}, byte {}: the quote that opens here is never closed: {}",
                 opened.line,
                 opened.byte,
                 line.length > max_row_ ? fmt::format("the row is longer than {} bytes", max_row_)
                                        : "the file is incomplete");
        }
        ++inner_lines;
        scanned = line.length;
        line = find_line(line.next);
    }
    return inner_lines;
}

Row RowReader::row_of(const Line& line) const {
    return {std::string_view(buffer_.data() + begin_, line.length), position_, line.ended};
}

bool RowReader::look_over_lines(char delimiter, std::uint64_t lines, Row& row) {
    QuoteScan quotes(delimiter);
    std::size_t scanned = 0;
    std::uint64_t taken = 1;
    Line line = find_line(0);
    while (quotes.is_open_after({buffer_.data() + begin_ + scanned, line.length - scanned})) {
        if (!line.ended || line.length > max_row_ || taken == lines) {
            return false;
        }
        ++taken;
        scanned = line.length;
        line = find_line(line.next);
    }
    row = row_of(line);
    return taken > 1 && line.length <= max_row_ && quotes.is_clean();
}

bool RowReader::next(Row& row) {
    Line line = find_line(0);
    if (line.next == 0) {
        return false;
    }
    std::uint64_t inner_lines = 0;
    if (delimiter_ != 0 && std::memchr(buffer_.data() + begin_, kQuote, line.length) != nullptr) {
        inner_lines = finish_quoted(line);
    }
    if (line.length > max_row_) {
        const bool is_hole = buffer_[begin_ + line.length - 1] == '\0';
        fail(
            ErrorKind::data,
            "line {}, byte {}: longer than {} bytes: {}",
            position_.line,
            position_.byte,
            max_row_,
            is_hole ? "NUL bytes in it: the file is damaged" : "an open quote, or not a text file");
    }
    drop_dos_end(line);
    row = row_of(line);
    begin_ += line.next;
    position_.byte += line.next;
    position_.line += 1 + inner_lines;
    return true;
}

void split_fields(std::string_view row,
                  char delimiter,
                  std::vector<std::string_view>& fields,
                  std::string& scratch) {
    fields.clear();
    scratch.clear();
    // Views into scratch must stay valid while it grows.
    scratch.reserve(row.size() + 1);
    while (true) {
        if (row.starts_with(kTextFormula)) {
            row.remove_prefix(1);
        }
        std::size_t end = 0;
        if (!row.empty() && row.front() == kQuote) {
            const std::size_t start = scratch.size();
            const std::size_t taken = take_quoted(row, scratch);
            end = std::min(row.find(delimiter, taken), row.size());
            scratch.append(row.substr(taken, end - taken));
            fields.push_back(without_formula({scratch.data() + start, scratch.size() - start}));
        } else {
            end = std::min(row.find(delimiter), row.size());
            fields.push_back(row.substr(0, end));
        }
        if (end == row.size()) {
            return;
        }
        row.remove_prefix(end + 1);
    }
}

std::string_view without_apostrophe(std::string_view field) noexcept {
    field = trim(field);
    if (field.starts_with('\'')) {
        field.remove_prefix(1);
        field.remove_suffix(field.ends_with('\'') ? 1 : 0);
    }
    return field;
}

}  // namespace isinfetch
