#include "parse/text_input.hpp"

#include "parse/foreign.hpp"
#include "util/error.hpp"
#include "util/text.hpp"

namespace isinfetch {

namespace {

/// Text has no NUL; so far is looked, because a list with one bad row further on can be read.
constexpr std::size_t kBinaryWithin = 512;

/// What `text`, the beginning of a file, is instead of the text that was expected; "" if it may be.
std::string_view foreign_to_text(std::string_view text) {
    const std::string_view foreign = foreign_format(text);
    const bool has_nul = text.substr(0, kBinaryWithin).find('\0') != std::string_view::npos;
    return foreign.empty() && has_nul ? "a binary file" : foreign;
}

}  // namespace

TextInput::TextInput(ByteSource& input, const ParseOptions& options, std::string_view format)
    : decoder_(options.encoding), start_(input) {
    const std::string_view first = start_.first();
    const bool marked = start_.mark() == ByteOrderMark::utf_8;
    if (start_.wide().empty()) {
        if (const auto foreign = foreign_to_text(first.substr(marked ? 3 : 0)); !foreign.empty()) {
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
