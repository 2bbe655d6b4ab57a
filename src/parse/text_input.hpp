// The beginning of a text file: byte order mark, UTF-16, and what is no text at all.
#pragma once

#include "parse/format.hpp"
#include "parse/row_reader.hpp"
#include "parse/text_decoder.hpp"
#include "parse/text_start.hpp"
#include "util/bytes.hpp"

#include <memory>
#include <string>
#include <vector>

namespace isinfetch {

/// Rows of a text file in any of the encodings, as UTF-8 or as bytes that its decoder understands.
class TextInput {
public:
    /// Throws Error{protocol} for an empty file and for what begins like HTML, a packed file or
    /// another binary format; `format` is for the message.
    TextInput(ByteSource& input, const ParseOptions& options, std::string_view format);

    RowReader& rows() noexcept { return *rows_; }

    /// The row's text as UTF-8, valid until forget() or the next row. Throws Error{data} when the
    /// file ends in the middle of a character, or is padded with NUL; a NUL elsewhere is a warning.
    std::string_view decode(const Row& row);

    /// The same of a part of a row.
    std::string_view decode_part(std::string_view bytes) { return decoder_.decode(bytes); }
    void forget() { decoder_.forget(); }

    /// For ParseSummary::encoding and warnings.
    std::string encoding() const {
        return start_.wide().empty() ? decoder_.found() : std::string(start_.wide());
    }
    std::vector<std::string> warnings() const;

private:
    void judge_nul(const Row& row);

    TextDecoder decoder_;
    TextStart start_;
    std::unique_ptr<RowReader> rows_{};
    std::string nul_{};  ///< the warning about the first one
};

}  // namespace isinfetch
