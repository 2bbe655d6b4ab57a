#include "parse/text_input.hpp"

#include "util/error.hpp"
#include "util/html.hpp"
#include "util/text.hpp"

#include <array>

namespace isinfetch {

namespace {

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

}  // namespace

TextInput::TextInput(ByteSource& input, const ParseOptions& options, std::string_view format)
    : decoder_(options.encoding), start_(input) {
    const std::string_view first = start_.first();
    const bool marked = start_.mark() == ByteOrderMark::utf_8;
    if (start_.wide().empty()) {
        if (const auto foreign = foreign_format(first.substr(marked ? 3 : 0)); !foreign.empty()) {
            fail(ErrorKind::protocol,
                 "{} where {} was expected: it begins with '{}'",
                 foreign,
                 format,
                 printable(first, 60));
        }
    }
    rows_ = std::make_unique<RowReader>(start_.text(), options.max_record);
    if (marked) {
        rows_->skip(rows_->peek(3).size());
        decoder_.mark_utf8();
    }
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
