#include "parse/text_input.hpp"

#include "util/error.hpp"
#include "util/html.hpp"
#include "util/text.hpp"

#include <array>

namespace isinfetch {

namespace {

constexpr std::size_t kLookAt = 4096;

/// Text has no NUL; so far is looked, because a list with one bad row further on can be read.
constexpr std::size_t kBinaryWithin = 512;

struct Magic {
    std::string_view bytes;
    std::string_view what;
};

constexpr std::array kForeignFormats{
    Magic{"PK\x03\x04", "a zip file"},
    Magic{"\x1F\x8B", "a gzip file"},
    Magic{"\xD0\xCF\x11\xE0", "an old Office file"},
    Magic{"%PDF", "a PDF file"},
    Magic{"<?xml", "XML"},
};

/// What `text`, the beginning of a file, is instead of the text that was expected; "" if it may be.
std::string_view foreign_format(std::string_view text) {
    if (html_title(text)) {
        return "HTML";
    }
    for (const Magic& magic : kForeignFormats) {
        if (text.starts_with(magic.bytes)) {
            return magic.what;
        }
    }
    return text.substr(0, kBinaryWithin).find('\0') != std::string_view::npos ? "a binary file"
                                                                              : "";
}

/// The bytes that were looked at, then the rest of the input.
class Prefixed final : public ByteSource {
public:
    Prefixed(std::string first, ByteSource& rest) : first_(std::move(first)), rest_(rest) {}

    std::string_view first() const noexcept { return first_; }
    void skip(std::size_t count) { taken_ += count; }

    std::size_t read(std::span<char> buffer) override {
        const std::size_t count = first_.copy(buffer.data(), buffer.size(), taken_);
        taken_ += count;
        return count > 0 ? count : rest_.read(buffer);
    }

private:
    std::string first_;
    std::size_t taken_ = 0;
    ByteSource& rest_;
};

std::string read_first(ByteSource& input) {
    std::array<char, kLookAt> buffer{};
    std::string first;
    while (first.size() < kLookAt) {
        const std::size_t count = input.read({buffer.data(), kLookAt - first.size()});
        if (count == 0) {
            break;
        }
        first.append(buffer.data(), count);
    }
    return first;
}

}  // namespace

TextInput::TextInput(ByteSource& input, const ParseOptions& options, std::string_view format)
    : decoder_(options.encoding) {
    auto prefixed = std::make_unique<Prefixed>(read_first(input), input);
    const std::string_view first = prefixed->first();
    if (first.empty()) {
        fail(ErrorKind::protocol, "the file is empty");
    }
    const ByteOrderMark mark = detect_mark(first);
    const bool little =
        mark == ByteOrderMark::utf_16_le || mark == ByteOrderMark::utf_16_le_unmarked;
    const bool marked = mark == ByteOrderMark::utf_16_le || mark == ByteOrderMark::utf_16_be;
    const bool wide = mark != ByteOrderMark::none && mark != ByteOrderMark::utf_8;
    if (wide) {
        wide_ = little ? "utf-16le" : "utf-16be";
        prefixed->skip(marked ? 2 : 0);
        transcoded_ = utf16_source(*prefixed, little);
    } else if (const auto foreign =
                   foreign_format(first.substr(mark == ByteOrderMark::utf_8 ? 3 : 0));
               !foreign.empty()) {
        fail(ErrorKind::protocol,
             "{} where {} was expected: it begins with '{}'",
             foreign,
             format,
             printable(first, 60));
    }
    rows_ = std::make_unique<RowReader>(wide ? *transcoded_ : *prefixed, options.max_record);
    if (mark == ByteOrderMark::utf_8) {
        rows_->skip(rows_->peek(3).size());
        decoder_.mark_utf8();
    }
    first_bytes_ = std::move(prefixed);
}

std::string_view TextInput::decode(const Row& row) {
    if (const auto cut = row.has_line_end ? 0 : decoder_.cut_character(row.text); cut > 0) {
        fail(ErrorKind::data,
             "line {}, byte {}: the file ends in the middle of a UTF-8 character: it is incomplete",
             row.position.line,
             row.position.byte + row.text.size() - cut);
    }
    return decoder_.decode(row.text);
}

}  // namespace isinfetch
