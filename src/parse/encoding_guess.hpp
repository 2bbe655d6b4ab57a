// Which of the old encodings a text is in, by what its bytes allow. Pure.
#pragma once

#include "parse/format.hpp"

#include <optional>
#include <string_view>

namespace isinfetch {

struct EncodingGuess {
    Encoding encoding = Encoding::windows_1252;

    /// Does much more speak for it than for any other? Never of windows-1252: nearly any bytes are
    /// text in it, and several code pages look like it.
    bool is_sure = false;

    Encoding second = Encoding::windows_1252;  ///< what else the bytes may be; the same: nothing
};

/// Weighs the lines of `sample` that are no UTF-8; none when there is no such line. An unfinished
/// last line should be left out. How: for each encoding, about as many bits as each character would
/// take in a code made for the language that it is for; the shortest text wins.
std::optional<EncodingGuess> guess_encoding(std::string_view sample);

}  // namespace isinfetch
