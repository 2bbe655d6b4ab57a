#include "parse/format.hpp"
#include "parse/parsed.hpp"
#include "support/catch.hpp"
#include "util/error.hpp"

using namespace isinfetch;
using namespace isinfetch::test;

namespace {

using Texts = std::vector<std::string>;

/// A small relative of COTAHIST: a record type of two bytes, a name, an ISIN.
ParseOptions layout() {
    return {.columns = {{"name", {"3-6"}}, {"isin", {"7-18"}}, {"last", {"18"}}},
            .fixed = {.length = 18, .records = {"01"}, .trailer = "99", .total = {3, 6}}};
}

const std::string kFile =
    "00LIST            \r\n"
    "01AAPLUS0378331005\r\n"
    "02note            \r\n"
    "01BA. GB0002634946\r\n"
    "990005            \r\n";

std::string without(std::string text, char letter) {
    std::erase(text, letter);
    return text;
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
    return text.replace(text.find(what), what.size(), with);
}

std::string failure(std::string_view text, const ParseOptions& options) {
    try {
        return "incomplete: " + parse("fixed", text, options).summary.incomplete;
    } catch (const Error& error) {
        return (error.kind() == ErrorKind::data       ? "data: "
                : error.kind() == ErrorKind::protocol ? "protocol: "
                                                      : "other: ") +
               std::string(error.what());
    }
}

}  // namespace

TEST_CASE("columns are ranges of bytes", "[fixed]") {
    const Parsed parsed = parse("fixed", kFile, layout());
    REQUIRE(parsed.isins() == Texts{"US0378331005", "GB0002634946"});
    CHECK(parsed.records[0].name == "AAPL");
    CHECK(parsed.records[1].name == "BA. ");
    CHECK(parsed.records[0].others.at("last") == "5");
    CHECK(parsed.records[1].position.line == 4);
    CHECK(parsed.records[1].position.byte == 60);
    CHECK(parsed.records[1].text == "01BA. GB0002634946");
    CHECK(parsed.summary.rows == 2);
    CHECK(parsed.summary.incomplete.empty());
    CHECK(parsed.summary.line_end);
}

TEST_CASE("lines of fixed columns are the same in pieces of any size", "[fixed]") {
    for (const std::size_t step : {1U, 2U, 7U, 64U}) {
        DrippingSource source(kFile, step);
        CHECK(parse("fixed", source, layout()).records == parse("fixed", kFile, layout()).records);
    }
}

TEST_CASE("bytes count, not characters", "[fixed]") {
    ParseOptions options = layout();
    options.encoding = Encoding::iso_8859_1;
    const Parsed latin = parse("fixed", replaced(kFile, "AAPL", "\xC3O\xC7\xC3"), options);
    CHECK(latin.records[0].name == "ÃOÇÃ");
    CHECK(latin.records[0].isin == "US0378331005");
    CHECK(latin.summary.encoding == "iso-8859-1");
    const Parsed utf8 = parse("fixed", replaced(kFile, "AAPL", "ÃÇ"), layout());
    CHECK(utf8.records[0].name == "ÃÇ");
    CHECK(utf8.records[0].isin == "US0378331005");
}

TEST_CASE("without marks every line is a record", "[fixed]") {
    const ParseOptions options{.columns = {{"isin", {"1-9"}}, {"name", {"11-20"}}}};
    const Parsed parsed = parse("fixed", "037833100 APPLE INC  COM\n\n17275R102*CI\n\x1A", options);
    CHECK(parsed.isins() == Texts{"037833100", "17275R102"});
    CHECK(parsed.records[1].name == "CI");
    CHECK(parsed.summary.rows == 2);
}

TEST_CASE("lines that end before the ISIN are footnotes", "[fixed]") {
    const ParseOptions options{.columns = {{"isin", {"7-18"}}}};
    const Parsed parsed = parse("fixed", "01AAPLUS0378331005\nend.\n", options);
    CHECK(parsed.isins() == Texts{"US0378331005"});
    CHECK(parsed.summary.rows == 2);
    CHECK(parsed.summary.footnotes == 1);
}

TEST_CASE("files of fixed columns that cannot be trusted say why", "[fixed]") {
    struct Case {
        const char* why;
        std::string text;
        const char* failure;
    };
    // clang-format off
    const auto row = GENERATE(values<Case>({
        {"nothing wrong", kFile, "incomplete: "},
        {"another count", replaced(kFile, "990005", "990006"),
         "incomplete: line 5 announces 0006 lines, the file has 5"},
        {"no count", replaced(kFile, "990005", "99    "),
         "incomplete: line 5 announces  lines, the file has 5"},
        {"cut at a line end", kFile.substr(0, 60),
         "incomplete: no last line that begins with '99' in 3 lines"},
        {"cut in a line", kFile.substr(0, 70),
         "incomplete: line 4, byte 60: 10 bytes instead of 18 and no line end"},
        {"cut in the trailer", kFile.substr(0, 84),
         "incomplete: line 5, byte 80: 4 bytes instead of 18 and no line end"},
        {"a short line", replaced(kFile, "01BA. ", "01BA."),
         "data: line 4, byte 60: 17 bytes instead of 18: damaged, or of another layout"},
        {"a long line", replaced(kFile, "01BA. ", "01BA.  "),
         "data: line 4, byte 60: 19 bytes instead of 18: damaged, or of another layout"},
        {"more behind the trailer", kFile + "01BA. GB0002634946\r\n",
         "data: line 6, byte 100: a line behind the last one, '99', of line 5"},
        {"other lines only", "00LIST            \r\n",
         "protocol: no line begins with '01', as records do"},
        {"lines that end with CR", without(kFile, '\n'), "incomplete: "},
        {"HTML", "<!DOCTYPE html><title>Sorry</title>",
         "protocol: HTML where lines of fixed columns was expected: look whether the address is "
         "right; it begins with '<!DOCTYPE html><title>Sorry</title>'"},
        {"nothing", "", "protocol: the file is empty"},
    }));
    // clang-format on
    CAPTURE(row.why);
    CHECK(failure(row.text, layout()) == row.failure);
}

TEST_CASE("a line of fixed columns that never ends is refused", "[fixed]") {
    ParseOptions options{.columns = {{"isin", {"1-12"}}}};
    options.max_record = 1000;
    CHECK(failure(std::string(5000, 'x'), options) ==
          "data: line 1, byte 0: longer than 1000 bytes: an open quote, or not a text file");
}

TEST_CASE("ranges of bytes are written as in layout documents", "[fixed]") {
    struct Case {
        const char* text;
        std::size_t first;  // 0: is none
        std::size_t last;
    };
    const auto row = GENERATE(values<Case>({{"231-242", 231, 242},
                                            {"7", 7, 7},
                                            {"1-1", 1, 1},
                                            {"0-3", 0, 0},
                                            {"5-4", 0, 0},
                                            {"-4", 0, 0},
                                            {"4-", 0, 0},
                                            {"", 0, 0},
                                            {"ISIN", 0, 0},
                                            {"1-2-3", 0, 0},
                                            {" 1-2", 0, 0},
                                            {"1-9999999", 0, 0}}));
    CAPTURE(row.text);
    const auto range = ByteRange::parse(row.text);
    CHECK(range.value_or(ByteRange{}).first == row.first);
    CHECK(range.value_or(ByteRange{}).last == row.last);
}

TEST_CASE("a range that is none is a mistake of the configuration", "[fixed]") {
    CHECK(failure(kFile, {.columns = {{"isin", {"ISIN"}}}}) ==
          "other: column 'isin': 'ISIN' is no range of bytes such as 231-242");
}
