#include "util/utf8.hpp"

#include <array>

namespace isinfetch {

void append_utf8(char32_t character, std::string& text) {
    constexpr char32_t kUnknown = 0xFFFD;
    if ((character >= 0xD800 && character <= 0xDFFF) || character > 0x10FFFF) {
        character = kUnknown;
    }
    if (character < 0x80) {
        text += static_cast<char>(character);
        return;
    }
    const unsigned tail = character < 0x800 ? 1 : character < 0x10000 ? 2 : 3;
    constexpr std::array<char32_t, 4> kHeads{0, 0xC0, 0xE0, 0xF0};
    text += static_cast<char>(kHeads[tail] | character >> 6 * tail);
    for (unsigned left = tail; left > 0; --left) {
        text += static_cast<char>(0x80U | (character >> 6 * (left - 1) & 0x3FU));
    }
}

}  // namespace isinfetch
