#include "parse/parsed.hpp"
#include "parse/text_decoder.hpp"
#include "support/catch.hpp"
#include "util/error.hpp"

#include <array>

using namespace isinfetch;
using namespace isinfetch::test;
using namespace std::string_literals;

namespace {

/// ASCII and Latin-1 letters as UTF-16.
std::string utf16(std::string_view latin, bool little_endian, bool mark) {
    std::string text = mark ? (little_endian ? "\xFF\xFE" : "\xFE\xFF") : "";
    for (const char letter : latin) {
        text += little_endian ? std::string{letter, '\0'} : std::string{'\0', letter};
    }
    return text;
}

ErrorKind kind_of_failure(std::string_view text, const ParseOptions& options) {
    try {
        parse("csv", text, options);
    } catch (const Error& error) {
        return error.kind();
    }
    return ErrorKind::internal;
}

}  // namespace

TEST_CASE("text becomes UTF-8 whatever it was", "[encoding]") {
    struct Case {
        Encoding configured;
        std::string name;      // as published
        std::string expected;  // as UTF-8
        const char* found;
        std::size_t warnings;
    };
    // clang-format off
    const auto row = GENERATE(values<Case>({
        {Encoding::automatic,    "plain",                "plain",  "ascii",        0},
        {Encoding::automatic,    "Börse",                "Börse",  "utf-8",        0},
        {Encoding::automatic,    "a \x96 b",             "a – b",  "windows-1252", 1},
        {Encoding::automatic,    "\xCC\xEE\xF1\xE1\xE8\xF0\xE6\xE0", "Мосбиржа", "windows-1251", 0},
        {Encoding::automatic,    "\xBB\xEF\xBC\xBA\xC0\xFC\xC0\xDA \xC7\xF6\xB4\xEB\xC2\xF7 \xC4\xAB\xC4\xAB\xBF\xC0", "삼성전자 현대차 카카오", "euc-kr", 0},
        {Encoding::utf_8,        "\xCC\xEE\xF1\xE1\xE8\xF0\xE6\xE0", "Мосбиржа", "windows-1251", 1},
        {Encoding::windows_1251, "\xCC\xEE\xF1\xE1",     "Мосб",   "windows-1251", 0},
        {Encoding::windows_1251, "Мосб",                 "Мосб",   "utf-8",        1},
        {Encoding::windows_1251, "plain",                "plain",  "ascii",        0},
        {Encoding::windows_1252, "\x80",                 "€",      "windows-1252", 0},
        {Encoding::iso_8859_1,   "Z\xFCrich",            "Zürich", "iso-8859-1",   0},
        {Encoding::utf_8,        "Z\xFCrich",            "Zürich", "windows-1252", 2},
        {Encoding::windows_1252, "x\x81y",               "x\uFFFDy", "windows-1252", 1},
    }));
    // clang-format on
    ParseOptions options = isin_columns();
    options.encoding = row.configured;
    const Parsed parsed = parse("csv", "ISIN,NAME\nA," + row.name + "\n", options);
    CHECK(parsed.records[0].name == row.expected);
    CHECK(parsed.records[0].text == "A," + row.expected);
    CHECK(parsed.summary.encoding == row.found);
    CHECK(parsed.summary.warnings.size() == row.warnings);
}

TEST_CASE("a file of two encodings is read row by row and called mixed", "[encoding]") {
    const Parsed parsed = parse("csv", "ISIN,NAME\nA,Börse\nB,B\xF6rse\n");
    CHECK(parsed.records[0].name == "Börse");
    CHECK(parsed.records[1].name == "Börse");
    CHECK(parsed.summary.encoding == "mixed");
}

TEST_CASE("an encoding that is but assumed is said to be", "[encoding]") {
    const auto warnings = [](std::string_view text) { return parse("csv", text).summary.warnings; };
    REQUIRE(warnings("ISIN,NAME\nA,B\xF6rse\n").size() == 1);
    CHECK_THAT(warnings("ISIN,NAME\nA,B\xF6rse\n").front(),
               ContainsSubstring("taken for windows-1252, which is but assumed"));
    CHECK(warnings("ISIN,NAME\nA,Börse\n").empty());
}

TEST_CASE("an encoding is judged by the whole of the beginning", "[encoding]") {
    const std::string russian = "\xD1\xE1\xE5\xF0\xE1\xE0\xED\xEA";
    const Parsed parsed =
        parse("csv", "ISIN;NAME\nA;caf\xE9\nB;" + russian + "\nC;" + russian + russian + "\n");
    CHECK(parsed.records.at(1).name == "Сбербанк");
    CHECK(parsed.summary.encoding == "windows-1251");
    std::string late = "ISIN;NAME\n";
    for (int i = 0; i < 60'000; ++i) {
        late += "A;plain\n";
    }
    CHECK(parse("csv", late + "B;" + russian + "\n").records.back().name == "Сбербанк");
}

TEST_CASE("column names are decoded too", "[encoding]") {
    const ParseOptions options{.columns = {{"isin", {"Код ISIN"}}, {"name", {"Имя"}}},
                               .encoding = Encoding::windows_1251};
    const std::string header = "\xCA\xEE\xE4 ISIN;\xC8\xEC\xFF\n";
    CHECK(parse("csv", header + "A;x\n", options).records[0].name == "x");
    CHECK(parse("csv", "Код ISIN;Имя\nA;x\n", options).records[0].name == "x");
}

TEST_CASE("UTF-16 is read in both byte orders, with and without its mark", "[encoding]") {
    for (const bool little : {true, false}) {
        for (const bool mark : {true, false}) {
            CAPTURE(little, mark);
            const std::string text = utf16("ISIN\tNAME\r\nA\tZ\xFCrich\r\n", little, mark);
            const Parsed parsed = parse("csv", text);
            REQUIRE(parsed.records.size() == 1);
            CHECK(parsed.records[0].name == "Zürich");
            CHECK(parsed.summary.encoding == (little ? "utf-16le" : "utf-16be"));
            for (std::size_t step : {1U, 3U}) {
                DrippingSource source(text, step);
                CHECK(parse("csv", source).records == parsed.records);
            }
        }
    }
}

TEST_CASE("UTF-16 that ends in the middle of a character is incomplete", "[encoding]") {
    std::string text = utf16("ISIN\nA\n", true, true);
    text.pop_back();
    CHECK_THROWS_WITH(parse("csv", text), ContainsSubstring("middle of a UTF-16 character"));
}

TEST_CASE("large UTF-16 files are streamed", "[encoding]") {
    std::string latin = "ISIN;NAME\n";
    for (int i = 0; i < 40'000; ++i) {
        latin += "A;x\n";
    }
    CHECK(parse("csv", utf16(latin, true, true)).records.size() == 40'000);
}

TEST_CASE("UTF-16 rows longer than any buffer are read up to the limit", "[encoding]") {
    ParseOptions options = isin_columns();
    // Two bytes each in UTF-8, so that one of the two buffers ends in the middle of a character.
    const std::string umlauts(400'000, '\xFC');
    for (const char* isin : {"A", "AB"}) {
        CAPTURE(isin);
        const std::string latin = fmt::format("ISIN;NAME\n{};{}\nB;y\n", isin, umlauts);
        const Parsed parsed = parse("csv", utf16(latin, true, true), options);
        CHECK(parsed.isins() == std::vector<std::string>{isin, "B"});
        CHECK(parsed.records[0].name.size() == 2 * umlauts.size());
    }
    options.max_record = 300'000;
    const std::string text = utf16("ISIN;NAME\nA;" + std::string(600'000, 'x') + "\n", true, true);
    CHECK_THROWS_WITH(parse("csv", text, options), ContainsSubstring("line 2, byte 10: longer"));
    CHECK(kind_of_failure(text, options) == ErrorKind::data);
}

TEST_CASE("UTF-16 becomes UTF-8 whatever room there is for it", "[encoding]") {
    const std::string text = utf16("Z\xFCrich", true, false);
    for (std::size_t room = 1; room < 4; ++room) {
        CAPTURE(room);
        StringSource input(text);
        const auto source = utf16_source(input, true);
        std::string out;
        std::array<char, 4> buffer{};
        while (const std::size_t count = source->read({buffer.data(), room})) {
            out.append(buffer.data(), count);
        }
        CHECK(out == "Zürich");
    }
}

TEST_CASE("UTF-8 that ends in the middle of a character is incomplete", "[encoding]") {
    struct Case {
        const char* why;
        Encoding configured;
        std::string text;
        const char* message;  // "" when the text is whole
    };
    // clang-format off
    const auto row = GENERATE(values<Case>({
        {"one of two bytes", Encoding::automatic, "ISIN,NAME\nA,Börse\nB,B\xC3", "line 3, byte 22: the file ends in the middle of a UTF-8 character"},
        {"one of three bytes", Encoding::automatic, "ISIN,NAME\nA,Börse\nB,B\xE2", "byte 22"},
        {"two of three bytes", Encoding::automatic, "ISIN,NAME\nA,Börse\nB,B\xE2\x82", "byte 22"},
        {"three of four bytes", Encoding::utf_8, "ISIN,NAME\nB,\xF0\x9F\x98", "line 2, byte 12"},
        {"other characters in the same row only", Encoding::windows_1251, "ISIN,NAME\nB,Бир\xD0", "byte 18"},
        {"nothing else tells the encoding", Encoding::automatic, "ISIN,NAME\nB,B\xC3", "byte 13"},
        {"behind a byte order mark", Encoding::windows_1251, "\xEF\xBB\xBFISIN,NAME\nB,B\xC3", "byte 16"},
        {"in a cell in quotes", Encoding::automatic, "ISIN,NAME\nB,\"\nB\xC3", "line 2, byte 12: the quote"},
        {"in the header", Encoding::automatic, "ISIN,B\xC3", "line 1, byte 6"},
        {"in a line that is no row", Encoding::automatic, "ISIN,NAME\nA,x\nB\xC3", "line 3, byte 15"},
        {"whole", Encoding::automatic, "ISIN,NAME\nB,B\xC3\xB6", ""},
        {"another encoding that may end so", Encoding::windows_1251, "ISIN,NAME\nB,\xC1\xE8\xF0\xE6\xE0", ""},
        {"another encoding in rows before", Encoding::automatic, "ISIN,NAME\nA,B\xF6rse\nB,caf\xE9", ""},
        {"no UTF-8 at all", Encoding::automatic, "ISIN,NAME\nB,caf\xFF", ""},
        {"a line end behind it: no cut", Encoding::automatic, "ISIN,NAME\nB,caf\xE9\n", ""},
    }));
    // clang-format on
    CAPTURE(row.why);
    ParseOptions options = isin_columns();
    options.encoding = row.configured;
    if (*row.message == '\0') {
        CHECK(parse("csv", row.text, options).records.size() >= 1);
        return;
    }
    CHECK_THROWS_WITH(parse("csv", row.text, options), ContainsSubstring(row.message));
    CHECK(kind_of_failure(row.text, options) == ErrorKind::data);
}

TEST_CASE("a list of lines that ends in the middle of a character is incomplete", "[encoding]") {
    CHECK_THROWS_WITH(parse("lines", "A\n# B\xC3"), ContainsSubstring("line 2, byte 5"));
}
