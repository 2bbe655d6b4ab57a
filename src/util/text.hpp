// Small questions about text. ASCII only where letters are concerned: never Unicode folding.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace isinfetch {

/// Without blanks (space, tab, CR, LF, VT, FF) at both ends.
std::string_view trim(std::string_view text) noexcept;

/// Also without characters there that nobody can see: no-break and wide blanks, byte order marks.
std::string_view trim_unseen(std::string_view text) noexcept;

/// A-Z become a-z; every other byte stays.
std::string lower(std::string_view text);
std::string upper(std::string_view text);

/// A column name as it is compared: only letters and digits, lower case; characters over U+007F
/// stay, unless nobody can see them.
/// " ISIN NUMBER", "ISIN_NUMBER" and "ISINNumber" are one name.
std::string plain_name(std::string_view text);

/// Parts between `separator`, empty ones included; "" gives one empty part.
std::vector<std::string_view> split(std::string_view text, char separator);

/// "1 list", "2 lists": an English noun that takes an s.
std::string counted(std::uint64_t count, std::string_view noun);

std::string join(const std::vector<std::string>& parts, std::string_view separator);

/// The candidate that `word` was probably meant to be, for "did you mean"; none when all are far.
std::optional<std::string> closest(std::string_view word,
                                   const std::vector<std::string>& candidates);

/// A character of UTF-8 text; `length` is 0 where there is none.
struct CodePoint {
    char32_t value = 0;
    std::size_t length = 0;  ///< in bytes
};

/// The character that `text` begins with; none when it is empty or does not begin with UTF-8.
CodePoint first_code_point(std::string_view text) noexcept;

/// Foreign text fit for one line of a message: control bytes and invalid UTF-8 as \xHH, characters
/// that nobody can see or that turn the line around as \u200B, at most `limit` bytes, then "…".
std::string printable(std::string_view text, std::size_t limit = 80);

/// Foreign text as text outputs show it, however long: on one line, and so that no terminal obeys
/// it. Control characters and what is no UTF-8 as printable() shows them, as are the characters
/// that turn a line around; everything else, blanks of any width too, as it is.
std::string one_line(std::string_view text);

/// Has it control characters: C0, DEL or C1?
bool has_control(std::string_view text) noexcept;

/// Is all of it well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms)?
bool is_utf8(std::string_view text) noexcept;

/// The length of the unfinished UTF-8 character at the end of `text`; 0 when there is none.
std::size_t unfinished_utf8(std::string_view text) noexcept;

/// Equal but for the case of ASCII letters and the number of blanks: a cosmetic difference.
bool same_but_for_looks(std::string_view left, std::string_view right) noexcept;

}  // namespace isinfetch
