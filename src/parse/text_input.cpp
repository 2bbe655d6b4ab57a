#include "parse/text_input.hpp"

#include "parse/foreign.hpp"
#include "util/error.hpp"
#include "util/text.hpp"

#include <fmt/format.h>

namespace isinfetch {

namespace {

/// By so much of the text its encoding is judged, where none is configured.
constexpr std::size_t kSample = std::size_t{256} * 1024;

/// So many NULs in a row are no text but a hole: a disk's sector that was never written.
constexpr std::size_t kHole = 512;

void refuse_foreign_text(std::string_view text, std::string_view expected) {
    const Foreign foreign = foreign_format(text);
    if (!foreign.what.empty()) {
        refuse_foreign(foreign, expected, text);
    }
    if (is_binary(text)) {
        refuse_foreign({.what = "a binary file"}, expected, text);
    }
}

/// Its whole lines, unless it is all of the text.
std::string_view whole_lines(std::string_view sample) noexcept {
    const bool is_all = sample.size() < kSample;
    return is_all ? sample : sample.substr(0, sample.rfind('\n') + 1);
}

}  // namespace

TextInput::TextInput(ByteSource& input, const ParseOptions& options, std::string_view format)
    : decoder_(options.encoding), start_(input) {
    const std::string_view first = start_.first();
    const bool marked = start_.mark() == ByteOrderMark::utf_8;
    if (start_.wide().empty()) {
        refuse_foreign_text(first.substr(marked ? 3 : 0), format);
    }
    rows_ = std::make_unique<RowReader>(start_.text(), options.max_record);
    if (marked) {
        rows_->skip(rows_->peek(3).size());
        decoder_.mark_utf8();
    }
    decoder_.judge(whole_lines(rows_->peek(kSample)));
}

std::string_view TextInput::decode(const Row& row) {
    if (row.text.find('\0') != std::string_view::npos) {
        judge_nul(row);
    }
    if (const auto cut = row.has_line_end ? 0 : decoder_.cut_character(row.text); cut > 0) {
        fail(ErrorKind::data,
             "line {}, byte {}: the file ends in the middle of a UTF-8 character: it is incomplete",
             row.position.line,
             row.position.byte + row.text.size() - cut);
    }
    return decoder_.decode(row.text);
}

void TextInput::judge_nul(const Row& row) {
    const std::size_t end = row.text.find_last_not_of('\0') + 1;
    if (!row.has_line_end && end < row.text.size()) {
        fail(ErrorKind::data,
             "line {}, byte {}: the file is padded with NUL from here on, {} bytes: it is damaged",
             row.position.line,
             row.position.byte + end,
             row.text.size() - end);
    }
    const std::size_t first = row.text.find('\0');
    const std::size_t hole = row.text.find(std::string(kHole, '\0'));
    if (hole != std::string_view::npos) {
        fail(ErrorKind::data,
             "line {}, byte {}: {} and more NUL bytes in a row: the file is damaged",
             row.position.line,
             row.position.byte + hole,
             kHole);
    }
    if (nul_.empty()) {
        nul_ =
            fmt::format("text has NUL bytes, the first in line {}, byte {}: U+FFFD stands for them",
                        row.position.line,
                        row.position.byte + first);
    }
}

std::vector<std::string> TextInput::warnings() const {
    std::vector<std::string> result = decoder_.warnings();
    if (!nul_.empty()) {
        result.push_back(nul_);
    }
    return result;
}

}  // namespace isinfetch
