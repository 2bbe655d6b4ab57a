#include "parse/format.hpp"
#include "parse/parsed.hpp"
#include "support/catch.hpp"
#include "util/error.hpp"

using namespace isinfetch;
using namespace isinfetch::test;
using namespace std::string_literals;

namespace {

using Texts = std::vector<std::string>;

ErrorKind kind_of_failure(std::string_view text, const ParseOptions& options = isin_columns()) {
    try {
        parse("csv", text, options);
    } catch (const Error& error) {
        return error.kind();
    }
    return ErrorKind::internal;
}

}  // namespace

TEST_CASE("CSV is read as publishers write it", "[csv]") {
    struct Case {
        const char* why;
        std::string text;
        Texts isins;
        Texts names;
        std::uint64_t rows;
        std::uint64_t footnotes;
    };
    // clang-format off
    const auto row = GENERATE(values<Case>({
        {"plain", "ISIN,NAME\nA,x\nB,y\n", {"A", "B"}, {"x", "y"}, 2, 0},
        {"CRLF", "ISIN,NAME\r\nA,x\r\nB,y\r\n", {"A", "B"}, {"x", "y"}, 2, 0},
        {"mixed line ends", "ISIN,NAME\r\nA,x\nB,y\r\n", {"A", "B"}, {"x", "y"}, 2, 0},
        {"no last line end", "ISIN,NAME\nA,x\nB,y", {"A", "B"}, {"x", "y"}, 2, 0},
        {"semicolons", "ISIN;NAME\nA;x,1\n", {"A"}, {"x,1"}, 1, 0},
        {"tabs", "ISIN\tNAME\nA\tx\n", {"A"}, {"x"}, 1, 0},
        {"bars", "ISIN|NAME\nA|x\n", {"A"}, {"x"}, 1, 0},
        {"one column", "ISIN\nA\nB\n", {"A", "B"}, {"", ""}, 2, 0},
        {"byte order mark", "\xEF\xBB\xBFISIN,NAME\nA,x\n", {"A"}, {"x"}, 1, 0},
        {"byte order mark before a quote", "\xEF\xBB\xBF\"ISIN\",NAME\nA,x\n", {"A"}, {"x"}, 1, 0},
        {"quotes", "ISIN,NAME\nA,\"x, y\"\n", {"A"}, {"x, y"}, 1, 0},
        {"doubled quotes", "ISIN,NAME\nA,\"\"\"x\"\" y\"\n", {"A"}, {"\"x\" y"}, 1, 0},
        {"empty quotes", "ISIN,NAME\n\"A\",\"\"\n", {"A"}, {""}, 1, 0},
        {"a line break in quotes", "ISIN,NAME\nA,\"x\ny\"\nB,z\n", {"A", "B"}, {"x\ny", "z"}, 2, 0},
        {"two line breaks in quotes", "ISIN,NAME\nA,\"x\r\n\r\ny\"\nB,z\n", {"A", "B"}, {"x\r\n\r\ny", "z"}, 2, 0},
        {"a quote inside a field is text", "ISIN,NAME\nA,5\" PIPE\nB,z\n", {"A", "B"}, {"5\" PIPE", "z"}, 2, 0},
        {"text behind a closing quote", "ISIN,NAME\nA,\"x\"y\n", {"A"}, {"xy"}, 1, 0},
        {"blanks around names", "NAME OF COMPANY, ISIN NUMBER\nx, A\n", {" A"}, {"x"}, 1, 0},
        {"names spelled otherwise", "name_of_company,ISINNumber\nx,A\n", {"A"}, {"x"}, 1, 0},
        {"lines before the header", "Market:;XETR\nDate:;x\nISIN;NAME\nA;x\n", {"A"}, {"x"}, 1, 0},
        {"an unbalanced quote before the header", "5\" list\n\nISIN;NAME\nA;x\n", {"A"}, {"x"}, 1, 0},
        {"lines behind the header", "NAME;ISIN\nEuropean\n\"08 Sep\"\nx;A\n", {"A"}, {"x"}, 3, 2},
        {"padded lines behind the header", "NAME;ISIN;C\nEuropean;;\nx;A;1\n", {"A"}, {"x"}, 2, 1},
        {"blank rows", "ISIN,NAME\n\n,,\n  ,\nA,x\n\r\n", {"A"}, {"x"}, 1, 0},
        {"footnotes", "NAME,ISIN\nx,A\n\"Note: see, there\",,\n* ten shares ,,,\n", {"A"}, {"x"}, 3, 2},
        {"rows wider than the header", "ISIN,NAME\nA,x,\nB,y,,\n", {"A", "B"}, {"x", "y"}, 2, 0},
        {"rows narrower than the header", "ISIN,NAME,C\nA\nB,y\n", {"A", "B"}, {"", "y"}, 2, 0},
        {"rows without ISIN are passed on", "ISIN,NAME,C\n,x,y\nNA,z,\n", {"", "NA"}, {"x", "z"}, 2, 0},
        {"the header again", "ISIN,NAME\nA,x\nISIN,NAME\nB,y\n", {"A", "B"}, {"x", "y"}, 3, 1},
        {"a column name over two lines", "\"ISIN\nNumber\",NAME\nA,x\n", {"A"}, {"x"}, 1, 0},
        {"column names over lines", "\"Name of\r\nCompany\";\"ISIN\r\n\r\nNumber\"\r\nx;A\r\n", {"A"}, {"x"}, 1, 0},
        {"the ISIN column before a name over lines", "ISIN,\"NAME OF\nCOMPANY\",C\nA,x,1\n", {"A"}, {"x"}, 1, 0},
        {"column names over lines below a title", "\"List\nof 2020\"\n\"ISIN\nNumber\",NAME\nA,x\n", {"A"}, {"x"}, 1, 0},
        {"column names over lines, again", "\"ISIN\nNumber\",NAME\nA,x\n\"ISIN\nNumber\",NAME\nB,y\n", {"A", "B"}, {"x", "y"}, 3, 1},
        {"an open quote before the header", "\"list\nISIN;NAME\nA;\"x\"\n", {"A"}, {"x"}, 1, 0},
        {"an open quote in the header", "ISIN,\"NAME\nA,\"x\"\n", {"A"}, {"x"}, 1, 0},
        {"CR CR LF", "ISIN,NAME\r\r\nA,x\r\r\n", {"A"}, {"x"}, 1, 0},
        {"CR alone", "ISIN,NAME\rA,x\rB,y\r", {"A", "B"}, {"x", "y"}, 2, 0},
        {"CR alone below a title", "\xEF\xBB\xBFTitle\r\rISIN,NAME\rA,x", {"A"}, {"x"}, 1, 0},
        {"one CR alone among LF", "ISIN,NAME\nA,x\rB,y\nC,z\n", {"A", "B", "C"}, {"x", "y", "z"}, 3, 0},
        {"CR alone behind a quote", "ISIN,NAME\nA,\"x\"\rB,\"y\"\r\nC,z\n", {"A", "B", "C"}, {"x", "y", "z"}, 3, 0},
        {"CR alone behind the header", "ISIN,NAME\rA,x\nB,y\n", {"A", "B"}, {"x", "y"}, 2, 0},
        {"a CR in quotes", "ISIN,NAME\nA,\"x\ry\"\nB,z\n", {"A", "B"}, {"x\ry", "z"}, 2, 0},
        {"the end of DOS", "ISIN,NAME\r\nA,x\r\n\x1A", {"A"}, {"x"}, 1, 0},
        {"the end of DOS in a row", "ISIN,NAME\nA,x\x1A", {"A"}, {"x"}, 1, 0},
        {"the end of DOS, several times", "ISIN,NAME\nA,x\n\x1A\x1A\x1A", {"A"}, {"x"}, 1, 0},
        {"the end of DOS in a line of its own", "ISIN,NAME\nA,x\n\x1A\r\n", {"A"}, {"x"}, 1, 0},
        {"the same elsewhere is text", "ISIN,NAME\nA,x\x1A\nB,y\n", {"A", "B"}, {"x\x1A", "y"}, 2, 0},
        {"texts for spreadsheets", "ISIN,NAME\n=\"A\",=\"x, \"\"y\"\"\"\n", {"A"}, {"x, \"y\""}, 1, 0},
        {"texts for spreadsheets in quotes", "ISIN,NAME\n\"=\"\"A\"\"\",z\n", {"A"}, {"z"}, 1, 0},
        {"names for spreadsheets", "=\"ISIN\",=\"NAME\"\nA,x\n", {"A"}, {"x"}, 1, 0},
        {"a formula is text", "ISIN,NAME\nA,=1+1\n", {"A"}, {"=1+1"}, 1, 0},
        {"apostrophes for spreadsheets", "ISIN,NAME\n'A,'x\n", {"A"}, {"x"}, 1, 0},
        {"an apostrophe that is text", "ISIN,NAME\nA,'t Hof\n", {"A"}, {"'t Hof"}, 1, 0},
        {"CR in a column name", "\"ISIN\rNUMBER\",NAME\nA,x\n", {"A"}, {"x"}, 1, 0},
        {"a header and nothing else", "ISIN,NAME\n", {}, {}, 0, 0},
        {"a NUL in a field", "ISIN,NAME\nA,x\0y\nB,z\nC,Longer\n"s, {"A", "B", "C"}, {"x\uFFFDy", "z", "Longer"}, 3, 0},
    }));
    // clang-format on
    CAPTURE(row.why);
    const Parsed parsed = parse("csv", row.text);
    CHECK(parsed.isins() == row.isins);
    Texts names;
    for (const auto& record : parsed.records) {
        names.push_back(record.name);
    }
    CHECK(names == row.names);
    CHECK(parsed.summary.rows == row.rows);
    CHECK(parsed.summary.footnotes == row.footnotes);
    for (std::size_t step : {1U, 2U, 3U, 7U}) {
        CAPTURE(step);
        DrippingSource source(row.text, step);
        CHECK(parse("csv", source).records == parsed.records);
    }
}

TEST_CASE("every record knows its line and byte", "[csv]") {
    const Parsed parsed = parse("csv", "\xEF\xBB\xBFISIN,NAME\nA,\"x\ny\"\n\nB,z\r\nC,w");
    REQUIRE(parsed.records.size() == 3);
    CHECK(parsed.records[0].position.line == 2);
    CHECK(parsed.records[0].position.byte == 13);
    CHECK(parsed.records[1].position.line == 5);
    CHECK(parsed.records[1].position.byte == 22);
    CHECK(parsed.records[1].text == "B,z");
    CHECK(parsed.records[2].position.line == 6);
    CHECK(parsed.records[2].position.byte == 27);
    CHECK_FALSE(parsed.summary.line_end);
}

TEST_CASE("a column without a name is found by its place", "[csv]") {
    const ParseOptions options{
        .columns = {{"isin", {"ISIN", "#3"}}, {"name", {"NAME"}}, {"symbol", {"SYMBOL"}}}};
    CHECK(parse("csv", "SYMBOL,NAME\nS,x,US0378331005\n", options).isins() ==
          Texts{"US0378331005"});
    CHECK(parse("csv", "S,x,US0378331005\nT,y,bad\n", options).isins() ==
          Texts{"US0378331005", "bad"});
    CHECK(parse("csv", "SYMBOL,NAME,ISIN CODE\n", options).summary.rows == 0);
    CHECK(parse("csv", "NAME,ISIN,SYMBOL\nx,A,S\n", options).isins() == Texts{"A"});
    CHECK(kind_of_failure("a,b\nc,d\n", options) == ErrorKind::protocol);
}

TEST_CASE("a place counts where its column has no name", "[csv]") {
    const Texts both{"NAME", "#2"};
    const auto name = [](std::string_view text, const Texts& names) {
        const ParseOptions options{.columns = {{"isin", {"ISIN", "#1"}}, {"name", names}},
                                   .delimiter = ','};
        return parse("csv", text, options).records.at(0).name;
    };
    CHECK(name("ISIN,LOT\nUS0378331005,1\n", both).empty());
    CHECK(name("ISIN,LOT\nUS0378331005,1\n", {"#2"}) == "1");
    CHECK(name("ISIN,\nUS0378331005,x\n", both) == "x");
    CHECK(name("ISIN\nUS0378331005,x\n", both) == "x");
    CHECK(name("US0378331005,x\n", both) == "x");
}

TEST_CASE("a star in a name is any text", "[csv]") {
    const ParseOptions options{
        .columns = {{"isin", {"ISIN NUMBER", "*ISIN*"}}, {"name", {"*name*"}}}, .delimiter = ','};
    const auto isins = [&](const char* text) { return parse("csv", text, options).isins(); };
    CHECK(isins("No,Name,Код ISIN\n1,x,A\n") == Texts{"A"});
    CHECK(isins("ISIN of underlying,Name,ISIN Number\nU,x,A\n") == Texts{"A"});
    CHECK(isins("ISINs as of today,,\nNo,Name,ISIN code\n1,x,A\n") == Texts{"A"});
    CHECK(kind_of_failure("ISIN 1,Name,ISIN 2\nA,x,B\n", options) == ErrorKind::protocol);
    CHECK(kind_of_failure("ISINs as of today\nA\n", options) == ErrorKind::protocol);
    CHECK(parse("csv", "No,Name,ISIN\n1,x,A\n", options).records.at(0).name == "x");
    CHECK(parse("csv", "Name 1,Name 2,ISIN\n1,x,A\n", options).records.at(0).name.empty());
}

TEST_CASE("further columns keep the names that the source gives them", "[csv]") {
    const ParseOptions options{
        .columns = {{"isin", {"ISIN"}}, {"lot", {"MARKET LOT", "LOT"}}, {"none", {"NOTHING"}}}};
    const Parsed parsed = parse("csv", "ISIN, Market Lot\nA,5\n", options);
    CHECK(parsed.records[0].others == std::map<std::string, std::string>{{"lot", "5"}});
}

TEST_CASE("a configured delimiter is the only one", "[csv]") {
    ParseOptions options = isin_columns();
    options.delimiter = '~';
    CHECK(parse("csv", "ISIN~NAME\nA~x,y\n", options).records[0].name == "x,y");
    CHECK(kind_of_failure("ISIN,NAME\nA,x\n", options) == ErrorKind::protocol);
}

TEST_CASE("what is not the list at all is refused with its beginning", "[csv]") {
    struct Case {
        std::string text;
        const char* message;
    };
    const auto row = GENERATE(values<Case>({
        {"", "the file is empty"},
        {"\n\n  \n", "the file is empty"},
        {"<!DOCTYPE html><title>Sorry</title>", "HTML where a CSV file was expected"},
        {"  \n<HTML>", "HTML where"},
        {"\xEF\xBB\xBF<html>", "HTML where"},
        {"<?xml version='1.0'?>", "XML where"},
        {"<!-- a page --><!DOCTYPE html>", "HTML where"},
        {"<!-- a --> <!-- b -->\n<html>", "HTML where"},
        {"<?xml version='1.0'?><html>", "HTML where"},
        {"PK\x03\x04zip", "a zip file where"},
        {"\x1F\x8Bgzip", "a gzip file where"},
        {"%PDF-1.4", "a PDF file where"},
        {"a,b\nc,d\n",
         "no column named 'ISIN', 'ISIN NUMBER' in the first 2 lines; the file begins with 'a,b'"},
    }));
    CAPTURE(row.text);
    CHECK_THROWS_WITH(parse("csv", row.text), ContainsSubstring(row.message));
    CHECK(kind_of_failure(row.text) == ErrorKind::protocol);
}

TEST_CASE("the header is looked for only so far", "[csv]") {
    ParseOptions options = isin_columns();
    options.header_within = 3;
    CHECK(parse("csv", "1\n2\nISIN\nA\n", options).isins() == Texts{"A"});
    CHECK(kind_of_failure("1\n2\n3\nISIN\nA\n", options) == ErrorKind::protocol);
}

TEST_CASE("a file that ends inside quotes is incomplete", "[csv]") {
    CHECK_THROWS_WITH(
        parse("csv", "ISIN,NAME\nA,x\nB,\"y\nz\n"),
        ContainsSubstring("line 3, byte 16: the quote that opens here is never closed"));
    CHECK(kind_of_failure("ISIN,NAME\nA,\"x") == ErrorKind::data);
}

TEST_CASE("a quote that is never closed is named by its own place", "[csv]") {
    struct Case {
        std::string text;
        const char* message;
    };
    const auto row = GENERATE(values<Case>({
        {"ISIN,NAME\nA,x\nB,\"y\nz\n", "line 3, byte 16: the quote that opens here"},
        {"ISIN,NAME\nA,\"x\n\ny\",\"z\nw\n\n", "line 4, byte 19: the quote that opens here"},
        {"ISIN,NAME\r\nA,\"x\r\ny\",\"z", "line 3, byte 20: the quote that opens here"},
        {"ISIN,NAME\nA,\"\"\"x\n", "line 2, byte 12: the quote that opens here"},
        {"ISIN,NAME\nA,\"x\n" + std::string(300'000, 'y'), "line 2, byte 12: the quote that"},
        {"ISIN,NAME\nA,\"x\ny\",\"" + std::string(300'000, '\n'), "line 3, byte 18: the quote"},
    }));
    CAPTURE(row.text.substr(0, 40));
    ParseOptions options = isin_columns();
    options.max_record = 1000;
    CHECK_THROWS_WITH(parse("csv", row.text, options), ContainsSubstring(row.message));
    CHECK(kind_of_failure(row.text, options) == ErrorKind::data);
}

TEST_CASE("a CR at the end is a line end where lines end so", "[csv]") {
    CHECK(parse("csv", "ISIN,NAME\rA,x\r").summary.line_end);
    CHECK_FALSE(parse("csv", "ISIN,NAME\r\nA,x\r").summary.line_end);
    CHECK_FALSE(parse("csv", "ISIN,NAME\r\nA,x").summary.line_end);
    CHECK(parse("csv", "ISIN,NAME\r\nA,x\x1A").summary.line_end);
}

TEST_CASE("a row behind a lone CR has its place", "[csv]") {
    const Parsed parsed = parse("csv", "ISIN,NAME\nA,x\rB,y\nC,\"z\rz\"\nD,w\n");
    REQUIRE(parsed.records.size() == 4);
    CHECK(parsed.records[1].position.line == 3);
    CHECK(parsed.records[1].position.byte == 14);
    CHECK(parsed.records[3].position.line == 6);
}

TEST_CASE("a file of many lines that end with CR alone is read", "[csv]") {
    std::string text = "ISIN,NAME\r";
    for (int i = 0; i < 100'000; ++i) {
        text += "A,x\r";
    }
    CHECK(parse("csv", text).records.size() == 100'000);
    CHECK(parse("csv", "ISIN,NAME\nA,x" + std::string(300'000, '\r') + "B,y\n").isins() ==
          Texts{"A", "B"});
}

TEST_CASE("NUL is said with its place, and damage when nothing else can be meant", "[csv]") {
    const std::string list = "ISIN,NAME\nA,Apple\nB,BAE\n";
    const std::string late(1000, 'x');
    const auto warning = [](const std::string& text) {
        const Parsed parsed = parse("csv", text);
        return parsed.summary.warnings.empty() ? "" : parsed.summary.warnings.front();
    };
    CHECK(warning(list).empty());
    CHECK_THAT(warning(list + "C,S\0P\0\n"s), ContainsSubstring("the first in line 4, byte 27"));
    CHECK_THAT(warning(list + "C," + late + "\0x\n"s),
               ContainsSubstring("the first in line 4, byte 1026"));
    CHECK_THAT(warning("ISIN,NA\0ME\nA,Apple\n"s), ContainsSubstring("line 1, byte 7"));
    CHECK_THROWS_WITH(
        parse("csv", list + std::string(1, '\0')),
        ContainsSubstring("line 4, byte 24: the file is padded with NUL from here on"));
    CHECK_THROWS_WITH(parse("csv", list + "C,x" + std::string(400'000, '\0')),
                      ContainsSubstring("byte 27: the file is padded with NUL"));
    CHECK_THROWS_WITH(parse("csv", list + std::string(2'000'000, '\0')),
                      ContainsSubstring("the file is damaged"));
    CHECK_THROWS_WITH(parse("csv", list + "C,x" + std::string(512, '\0') + "\nD,y\n"),
                      ContainsSubstring("line 4, byte 27: 512 and more NUL bytes in a row"));
    CHECK(kind_of_failure(list + std::string(9, '\0')) == ErrorKind::data);
    CHECK(kind_of_failure(std::string(100, '\0')) == ErrorKind::data);
    CHECK(kind_of_failure("\x7F"
                          "ELF\2\1\1\0\0\0\0\0\0\0\0\0\3\0>\0\1\0\0\0xy"s) == ErrorKind::protocol);
}

TEST_CASE("a row without end is refused within its limit", "[csv]") {
    ParseOptions options = isin_columns();
    options.max_record = 1000;
    const std::string open = "ISIN,NAME\nA,\"" + std::string(300'000, '\n');
    CHECK_THROWS_WITH(parse("csv", open, options), ContainsSubstring("line 2, byte 12"));
    CHECK(kind_of_failure("ISIN,NAME\nA," + std::string(300'000, 'x'), options) == ErrorKind::data);
    CHECK(kind_of_failure("ISIN,NAME\nA," + std::string(2000, 'x') + "\n", options) ==
          ErrorKind::data);
}

TEST_CASE("a last row that is cut makes the file incomplete", "[csv]") {
    CHECK(parse("csv", "ISIN,NAME,C\nA,x,1\nB,y").summary.incomplete ==
          "line 3, byte 18: 2 of 3 columns and no line end");
    CHECK(parse("csv", "ISIN,NAME,C\nA,x,1\nB,y\n").summary.incomplete.empty());
    CHECK(parse("csv", "ISIN,NAME,C\nA,x,1\nB,y,2").summary.incomplete.empty());
    CHECK_FALSE(parse("csv", "ISIN,NAME,C\nA,x,1,\nB,y,1").summary.incomplete.empty());
}

TEST_CASE("a list cut at any byte is noticed or lacks records", "[csv]") {
    const std::string whole = "ISIN;NAME;C\nA;x;1\n\"B\";\"y\nz\";2\r\nC;ü;3\n";
    const Parsed all = parse("csv", whole);
    REQUIRE(all.records.size() == 3);
    for (std::size_t length = 0; length < whole.size(); ++length) {
        CAPTURE(length);
        try {
            const Parsed cut = parse("csv", std::string_view(whole).substr(0, length));
            CHECK((cut.records.size() < all.records.size() || !cut.summary.line_end));
        } catch (const Error& error) {
            CHECK((error.kind() == ErrorKind::protocol || error.kind() == ErrorKind::data));
        }
    }
}
