#include "core/look_alikes.hpp"

#include "util/text.hpp"

#include <algorithm>
#include <array>

namespace isinfetch {

namespace {

struct Neighbours {
    char character;
    std::string_view others;
};

std::string_view find(const auto& table, char character) noexcept {
    const auto* found = std::ranges::find(table, character, &Neighbours::character);
    return found == table.end() ? std::string_view() : found->others;
}

constexpr std::array kLookAlikes{
    Neighbours{'0', "OQD"}, Neighbours{'O', "0QD"}, Neighbours{'Q', "O0"}, Neighbours{'D', "0O"},
    Neighbours{'1', "IL7"}, Neighbours{'I', "1L"},  Neighbours{'L', "1I"}, Neighbours{'7', "1"},
    Neighbours{'2', "Z"},   Neighbours{'Z', "2"},   Neighbours{'5', "S"},  Neighbours{'S', "5"},
    Neighbours{'6', "G"},   Neighbours{'G', "6C"},  Neighbours{'C', "G"},  Neighbours{'8', "B"},
    Neighbours{'B', "8"},   Neighbours{'U', "V"},   Neighbours{'V', "U"},  Neighbours{'M', "N"},
    Neighbours{'N', "M"},   Neighbours{'E', "F"},   Neighbours{'F', "E"},
};

constexpr std::array kKeys{
    Neighbours{'1', "2Q"},     Neighbours{'2', "13QW"},   Neighbours{'3', "24WE"},
    Neighbours{'4', "35ER"},   Neighbours{'5', "46RT"},   Neighbours{'6', "57TY"},
    Neighbours{'7', "68YU"},   Neighbours{'8', "79UI"},   Neighbours{'9', "80IO"},
    Neighbours{'0', "9OP"},    Neighbours{'Q', "12WA"},   Neighbours{'W', "23QEAS"},
    Neighbours{'E', "34WRSD"}, Neighbours{'R', "45ETDF"}, Neighbours{'T', "56RYFG"},
    Neighbours{'Y', "67TUGH"}, Neighbours{'U', "78YIHJ"}, Neighbours{'I', "89UOJK"},
    Neighbours{'O', "90IPKL"}, Neighbours{'P', "0OL"},    Neighbours{'A', "QWSZ"},
    Neighbours{'S', "WEADZX"}, Neighbours{'D', "ERSFXC"}, Neighbours{'F', "RTDGCV"},
    Neighbours{'G', "TYFHVB"}, Neighbours{'H', "YUGJBN"}, Neighbours{'J', "UIHKNM"},
    Neighbours{'K', "IOJLM"},  Neighbours{'L', "OPK"},    Neighbours{'Z', "ASX"},
    Neighbours{'X', "SDZC"},   Neighbours{'C', "DFXV"},   Neighbours{'V', "FGCB"},
    Neighbours{'B', "GHVN"},   Neighbours{'N', "HJBM"},   Neighbours{'M', "JKN"},
};

/// Characters in a row of Unicode that look like as many in a row of ASCII; '\0': nobody sees them.
struct Shape {
    char32_t first;
    char32_t last;
    char ascii;
};

// The Unicode charts name the characters; only shapes that ISINs are made of are here.
constexpr std::array kShapes{
    Shape{0xAD, 0xAD, '\0'},      // soft hyphen
    Shape{0x200B, 0x200F, '\0'},  // zero widths, marks of direction
    Shape{0x2028, 0x202E, '\0'},  // separators, embedding
    Shape{0x2060, 0x2064, '\0'},  // word joiner, invisible operators
    Shape{0xFEFF, 0xFEFF, '\0'},  // byte order mark
    Shape{0x85, 0x85, '\0'},      // next line
    Shape{0x0300, 0x036F, '\0'},  // combining marks
    Shape{0x2000, 0x200A, ' '},   // wide and narrow spaces, each
    Shape{0x202F, 0x202F, ' '},   Shape{0x205F, 0x205F, ' '},
    Shape{0x3000, 0x3000, ' '},   Shape{0x2010, 0x2015, '-'},  // hyphens and dashes, each
    Shape{0x2212, 0x2212, '-'},                                // minus
    Shape{0xFF10, 0xFF19, '0'},                                // full width
    Shape{0xFF21, 0xFF3A, 'A'},   Shape{0xFF41, 0xFF5A, 'A'},
    Shape{0x0660, 0x0669, '0'},                                // Arabic-Indic digits
    Shape{0x06F0, 0x06F9, '0'},   Shape{0x0966, 0x096F, '0'},  // Devanagari
    Shape{0x2080, 0x2089, '0'},   Shape{0x2074, 0x2079, '4'},  // subscript, superscript
    Shape{0x2460, 0x2468, '1'},                                // circled
    Shape{0x1D400, 0x1D419, 'A'},                              // mathematical bold
    Shape{0x1D7CE, 0x1D7D7, '0'}, Shape{0x017F, 0x017F, 'S'},  // long s
    Shape{0x0131, 0x0131, 'I'},                                // dotless i
    Shape{0x212A, 0x212A, 'K'},                                // kelvin sign
    Shape{0x0391, 0x0391, 'A'},                                // Greek
    Shape{0x0392, 0x0392, 'B'},   Shape{0x0395, 0x0395, 'E'},
    Shape{0x0396, 0x0396, 'Z'},   Shape{0x0397, 0x0397, 'H'},
    Shape{0x0399, 0x0399, 'I'},   Shape{0x039A, 0x039A, 'K'},
    Shape{0x039C, 0x039C, 'M'},   Shape{0x039D, 0x039D, 'N'},
    Shape{0x039F, 0x039F, 'O'},   Shape{0x03A1, 0x03A1, 'P'},
    Shape{0x03A4, 0x03A4, 'T'},   Shape{0x03A5, 0x03A5, 'Y'},
    Shape{0x03A7, 0x03A7, 'X'},   Shape{0x0405, 0x0405, 'S'},  // Cyrillic
    Shape{0x0406, 0x0406, 'I'},   Shape{0x0408, 0x0408, 'J'},
    Shape{0x0410, 0x0410, 'A'},   Shape{0x0412, 0x0412, 'B'},
    Shape{0x0415, 0x0415, 'E'},   Shape{0x0417, 0x0417, '3'},
    Shape{0x041A, 0x041A, 'K'},   Shape{0x041C, 0x041C, 'M'},
    Shape{0x041D, 0x041D, 'H'},   Shape{0x041E, 0x041E, 'O'},
    Shape{0x0420, 0x0420, 'P'},   Shape{0x0421, 0x0421, 'C'},
    Shape{0x0422, 0x0422, 'T'},   Shape{0x0423, 0x0423, 'Y'},
    Shape{0x0425, 0x0425, 'X'},
};

void append_shape(const Shape& shape, char32_t character, std::string& result) {
    const bool each_alike = shape.ascii == ' ' || shape.ascii == '-';
    if (shape.ascii != '\0') {
        const auto offset = each_alike ? 0U : static_cast<unsigned>(character - shape.first);
        result += static_cast<char>(static_cast<unsigned char>(shape.ascii) + offset);
    }
}

}  // namespace

std::string_view look_alikes(char character) noexcept {
    return find(kLookAlikes, character);
}

std::string_view keys_beside(char character) noexcept {
    return find(kKeys, character);
}

std::string ascii_shape(std::string_view text) {
    std::string result;
    while (!text.empty()) {
        const auto [character, length] = first_code_point(text);
        const auto* shape = std::ranges::find_if(kShapes, [value = character](const Shape& row) {
            return value >= row.first && value <= row.last;
        });
        if (length > 0 && shape != kShapes.end()) {
            append_shape(*shape, character, result);
        } else {
            result += text.substr(0, std::max<std::size_t>(length, 1));
        }
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return result;
}

}  // namespace isinfetch
