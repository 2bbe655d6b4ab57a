// How texts are written in workbooks of Office Open XML.
#pragma once

#include "parse/shared_texts.hpp"
#include "parse/xlsx_package.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace isinfetch {

/// Puts together the text of an element <si> or <is>: its <t>, those of its runs (<r>) too, but not
/// what says how it is pronounced (<rPh>). Source: ECMA-376-1, §18.4.
class RichText {
public:
    void start(std::string_view element) noexcept;
    void end(std::string_view element) noexcept;

    /// Does text that comes now belong to it?
    bool takes_text() const noexcept { return in_text_ && !in_phonetic_; }

private:
    bool in_text_ = false;
    bool in_phonetic_ = false;
};

/// "_x000D_" is a carriage return: characters that XML cannot hold, from `from` on to the end.
/// Source: ECMA-376-1, §22.9.2.19.
void decode_escapes(std::string& text, std::size_t from);

/// Adds the texts of a part to those that cells share. Throws what SharedTexts throws.
void read_xlsx_strings(XlsxPackage& package, const std::string& part, SharedTexts& texts);

}  // namespace isinfetch
