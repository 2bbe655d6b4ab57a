// Text in whatever encoding becomes UTF-8. Home of iconv(3).
#pragma once

#include "parse/encoding_guess.hpp"
#include "parse/format.hpp"
#include "util/bytes.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace isinfetch {

std::string_view name(Encoding encoding) noexcept;

/// What a web page says of itself in `beginning`, its first kB; `automatic` when it says nothing,
/// or nothing that is known here.
Encoding declared_encoding(std::string_view beginning);

/// Decodes piece by piece: ASCII and well-formed UTF-8 stay as they are, everything else is taken
/// for the legacy encoding that the source is known for, or that its bytes speak for. In place of
/// NUL, which is no character of any text, stands U+FFFD. Remembers what it saw.
class TextDecoder {
public:
    explicit TextDecoder(Encoding configured);
    TextDecoder(const TextDecoder&) = delete;
    TextDecoder& operator=(const TextDecoder&) = delete;
    ~TextDecoder();

    /// Decides for an encoding, unless one is configured, by some of the text; ASCII and UTF-8
    /// decide nothing. Without it, the first piece that is neither does.
    void judge(std::string_view sample);

    /// The text as UTF-8: `bytes` itself where it is that already, else a view that is valid until
    /// forget().
    std::string_view decode(std::string_view bytes);

    /// Does the last row of a file end in the middle of a UTF-8 character? Gives the length of what
    /// is there of it, else 0. The last byte of a legacy encoding may look the same: only asked
    /// where nothing before spoke for one. `bytes` is not yet decoded.
    std::size_t cut_character(std::string_view bytes) const noexcept;

    /// The file begins with the mark of UTF-8.
    void mark_utf8() noexcept { saw_utf8_ = true; }

    /// Ends the life of decoded views.
    void forget() { decoded_.clear(); }

    /// "ascii", "utf-8", the legacy encoding's name, or "mixed".
    std::string found() const;

    /// For people, when the file is not as configured: "text is utf-8, not windows-1251"; when its
    /// encoding is but assumed; and when there were bytes without meaning, in place of which U+FFFD
    /// stands.
    std::vector<std::string> warnings() const;

private:
    struct Converter;

    std::string_view decode_characters(std::string_view bytes);
    bool has_legacy() const noexcept;
    bool is_assumed() const noexcept;

    Encoding configured_;
    Encoding legacy_;
    std::optional<EncodingGuess> guess_{};
    std::unique_ptr<Converter> converter_;
    std::vector<std::unique_ptr<std::string>> decoded_{};
    bool saw_utf8_ = false;
    bool saw_legacy_ = false;
};

/// The UTF-16 text of `input`, whose byte order `little_endian` tells, as UTF-8. Throws Error{data}
/// when it ends in the middle of a character.
std::unique_ptr<ByteSource> utf16_source(ByteSource& input, bool little_endian);

/// Byte order marks, and what the first bytes tell without one.
enum class ByteOrderMark {
    none,
    utf_8,
    utf_16_le,
    utf_16_be,
    utf_16_le_unmarked,
    utf_16_be_unmarked
};
ByteOrderMark detect_mark(std::string_view first_bytes) noexcept;

}  // namespace isinfetch
