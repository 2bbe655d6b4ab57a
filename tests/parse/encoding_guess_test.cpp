#include "parse/encoding_guess.hpp"

#include "support/catch.hpp"

using namespace isinfetch;

TEST_CASE("an encoding is judged by what the bytes allow", "[encoding]") {
    struct Case {
        std::string text;
        Encoding expected;
        const char* why;
    };
    // clang-format off
    const auto row = GENERATE(values<Case>({
        {"\xD1\xE1\xE5\xF0\xE1\xE0\xED\xEA\n\xC3\xE0\xE7\xEF\xF0\xEE\xEC\n\xCB\xF3\xEA\xEE\xE9\xEB\n\xC2\xD2\xC1\n", Encoding::windows_1251, "Russian"},
        {"\xCE\xC0\xCE \xAB\xCD\xCA \xD0\xCE\xD1\xCD\xC5\xD4\xD2\xDC\xBB \x96 \xE0\xEE\n\xCF\xC0\xCE \xC0\xCD\xCA\n", Encoding::windows_1251, "capitals and quotes"},
        {"\xA5x\xC6W\xBFn\xC5\xE9\xB9q\xB8\xF4\xBBs\xB3y\n\xC2" "E\xAE\xFC\xBA\xEB\xB1K\n\xA4\xA4\xB5\xD8\xB9q\xABH\n", Encoding::big5, "Chinese of Taiwan"},
        {"\xA8|\n\xA5\x5C\n\xB3\x5C\n\xBB\x5C\n\xA4\x5C\n\xB1\x5C\n", Encoding::big5, "characters that end like a delimiter or a backslash"},
        {"\x83g\x83\x88\x83^\x8E\xA9\x93\xAE\x8E\xD4\n\x83\x5C\x83j\x81[\n\x8EO\x95H\x8F\xA4\x8E\x96\n", Encoding::shift_jis, "Japanese"},
        {"\xBF\xC6\xB0 \x83g\x83\x88\x83^\x8E\xA9\x93\xAE\x8E\xD4 \xC4\xD6\xC0\n", Encoding::shift_jis, "Japanese with narrow kana"},
        {"\xBB\xEF\xBC\xBA\xC0\xFC\xC0\xDA\n\xC7\xF6\xB4\xEB\xC2\xF7\n\xC4\xAB\xC4\xAB\xBF\xC0\n", Encoding::euc_kr, "Korean"},
        {"\x8C" "c\xB9\xE6\xB0\xA2\xC7\xCF\n\xBB\xEF\xBC\xBA\xC0\xFC\xC0\xDA\n\xB3\xD7\xC0\xCC\xB9\xF6\n", Encoding::euc_kr, "a syllable of the extension"},
        {"\xD6\xD0\xB9\xFA\xC6\xBD\xB0\xB2\n\xB9\xF3\xD6\xDD\xC3\xA9\xCC\xA8\n\xD5\xD0\xC9\xCC\xD2\xF8\xD0\xD0\n", Encoding::gb18030, "Chinese of the mainland"},
        {"\xD6\xD0\xB9\xFA\xB9\xA4\xC9\xCC\xD2\xF8\xD0\xD0\xB9\xC9\xB7\xDD\xD3\xD0\xCF\xDE\xB9\xAB\xCB\xBE\n", Encoding::gb18030, "one long name"},
        {"Soci\xE9t\xE9 G\xE9n\xE9rale\nNestl\xE9 S.A.\nM\xFCnchener R\xFC" "ck\n", Encoding::windows_1252, "western names"},
        {"Moody\x92s Corp\nChildren\x92s Place\n", Encoding::windows_1252, "apostrophes only"},
        {"A\xC9ROPORTS DE PARIS\n\xD6STERREICHISCHE POST\n", Encoding::windows_1252, "capitals"},
        {"Bonds 5\xBD% \x96 2030 \xA3\n", Encoding::windows_1252, "signs"},
        {"\xC4rzte\n", Encoding::windows_1252, "one letter"},
    }));
    // clang-format on
    CAPTURE(row.why);
    const auto guess = guess_encoding(row.text);
    REQUIRE(guess);
    CHECK(guess->encoding == row.expected);
    CHECK(guess->is_sure == (row.expected != Encoding::windows_1252));
    std::string list;
    for (int i = 0; i < 50; ++i) {
        list += "US0378331005;Apple Inc.;B\xC3\xB6rse;2026-11-30\n" + row.text;
    }
    CHECK(guess_encoding(list)->encoding == row.expected);
    CHECK(guess_encoding(list + "damage \x81\n")->encoding == row.expected);
}

TEST_CASE("ASCII and UTF-8 speak for no other encoding", "[encoding]") {
    CHECK_FALSE(guess_encoding(""));
    CHECK_FALSE(guess_encoding("Apple\nBAE\n"));
    CHECK_FALSE(guess_encoding("B\xC3\xB6rse\n\xEC\x82\xBC\xEC\x84\xB1\n"));
}

TEST_CASE("what may be two encodings is not sure", "[encoding]") {
    const auto guess = guess_encoding("\xC9\xCC\n");
    REQUIRE(guess);
    CHECK_FALSE(guess->is_sure);
    CHECK(guess->second != guess->encoding);
}
