#include "cli/line_input.hpp"

#include "util/error.hpp"
#include "util/file.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace isinfetch::cli {

namespace {

constexpr std::size_t kChunk = 65536;
constexpr std::size_t kNear = 256;  // less is not worth a look ahead
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// Not a FileSource of /dev/stdin: that cannot open sockets, nor files of other users.
class StandardInput final : public ByteSource {
public:
    std::size_t read(std::span<char> buffer) override {
        while (true) {
            const ssize_t got = ::read(STDIN_FILENO, buffer.data(), buffer.size());
            if (got >= 0) {
                return static_cast<std::size_t>(got);
            }
            if (errno != EINTR) {
                fail_errno(errno, "standard input", ErrorKind::io);
            }
        }
    }
};

}  // namespace

// Room for a line of `limit` bytes with CR LF, and for a chunk behind it.
LineReader::LineReader(ByteSource& input, std::size_t limit)
    : input_(input), limit_(limit), buffer_(limit + 2 + kChunk) {}

void LineReader::start_line() {
    if (number_ == 0) {
        skip_byte_order_mark();
    } else if (inside_line_) {
        skip_rest_of_line();
    }
}

std::string_view LineReader::ahead() {
    start_line();
    if (rest().size() < kNear) {
        fill();
    }
    return rest();
}

void LineReader::skip(std::size_t lines, std::size_t bytes) noexcept {
    number_ += lines;
    take(bytes);
}

bool LineReader::next(Line& line) {
    start_line();
    const Rest found = find_end();
    if (found.length == 0 && !found.ended) {
        return false;
    }
    const bool carriage_return = found.ended && rest().substr(0, found.length).ends_with('\r');
    if (number_ == 0) {
        crlf_ = carriage_return;
    }
    const std::size_t length = found.length - (carriage_return && crlf_ ? 1 : 0);
    line = {rest().substr(0, std::min(length, limit_)), ++number_, byte_, length > limit_};
    inside_line_ = line.too_long && !found.ended;
    take(found.length + (found.ended ? 1 : 0));
    return true;
}

void LineReader::skip_byte_order_mark() {
    while (rest().size() < kByteOrderMark.size() && fill()) {
    }
    if (rest().starts_with(kByteOrderMark)) {
        take(kByteOrderMark.size());
    }
}

// The first line decides about CR LF even when it is too long.
void LineReader::skip_rest_of_line() {
    inside_line_ = false;
    char before = begin_ > 0 ? buffer_[begin_ - 1] : '\0';
    while (!drained() || fill()) {
        const std::size_t end = rest().find('\n');
        if (end != std::string_view::npos) {
            before = end > 0 ? rest()[end - 1] : before;
            crlf_ = number_ == 1 ? before == '\r' : crlf_;
            take(end + 1);
            return;
        }
        before = rest().back();
        take(rest().size());
    }
}

/// Looks no further than a line within the limit can reach.
LineReader::Rest LineReader::find_end() {
    const std::size_t far = limit_ + 2;
    std::size_t looked = 0;
    while (true) {
        const std::string_view near = rest().substr(0, far);
        const std::size_t end = near.find('\n', looked);
        if (end != std::string_view::npos) {
            return {end, true};
        }
        looked = near.size();
        if (looked == far || !fill()) {
            return {looked, false};
        }
    }
}

/// Reads more behind what is there. False at the end.
bool LineReader::fill() {
    if (at_end_) {
        return false;
    }
    if (begin_ > 0) {
        const auto start = buffer_.begin();
        std::copy(start + static_cast<std::ptrdiff_t>(begin_),
                  start + static_cast<std::ptrdiff_t>(end_),
                  start);
        end_ -= begin_;
        begin_ = 0;
    }
    const std::size_t count = input_.read(std::span(buffer_).subspan(end_));
    end_ += count;
    at_end_ = count == 0;
    return count > 0;
}

void LineReader::take(std::size_t count) noexcept {
    begin_ += count;
    byte_ += count;
}

std::unique_ptr<ByteSource> open_input(const std::string& name) {
    if (name == "-") {
        return std::make_unique<StandardInput>();
    }
    return std::make_unique<FileSource>(name);
}

}  // namespace isinfetch::cli
