#include "util/utf8.hpp"

#include "support/catch.hpp"

using namespace isinfetch;

TEST_CASE("characters are one to four bytes of UTF-8", "[utf8]") {
    struct Row {
        char32_t character;
        const char* bytes;
    };
    const auto row = GENERATE(values<Row>({
        {U'a', "a"},
        {0x7F, "\x7F"},
        {0x80, "\xC2\x80"},
        {U'é', "é"},
        {0x7FF, "\xDF\xBF"},
        {0x800, "\xE0\xA0\x80"},
        {U'東', "東"},
        {0xFFFF, "\xEF\xBF\xBF"},
        {U'😀', "😀"},
        {0x10FFFF, "\xF4\x8F\xBF\xBF"},
        {0xD800, "\xEF\xBF\xBD"},
        {0xDFFF, "\xEF\xBF\xBD"},
        {0x110000, "\xEF\xBF\xBD"},
    }));
    CAPTURE(static_cast<unsigned>(row.character));
    std::string text = "x";
    append_utf8(row.character, text);
    CHECK(text == std::string("x") + row.bytes);
}
