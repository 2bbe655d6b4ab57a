#include "parse/format.hpp"
#include "parse/parsed.hpp"
#include "parse/text_decoder.hpp"
#include "support/catch.hpp"
#include "util/error.hpp"

#include <fmt/format.h>

using namespace isinfetch;
using namespace isinfetch::test;
using namespace std::string_literals;

namespace {

using Texts = std::vector<std::string>;

Texts names(const Parsed& parsed) {
    Texts result;
    for (const Parsed::Record& record : parsed.records) {
        result.push_back(record.name);
    }
    return result;
}

std::string failure(std::string_view text, const ParseOptions& options = isin_columns()) {
    try {
        return "incomplete: " + parse("html-table", text, options).summary.incomplete;
    } catch (const Error& error) {
        return (error.kind() == ErrorKind::data       ? "data: "
                : error.kind() == ErrorKind::protocol ? "protocol: "
                                                      : "other: ") +
               std::string(error.what());
    }
}

const std::string kHead = "<table><tr><th>ISIN<th>NAME</tr>";

}  // namespace

TEST_CASE("tables are read as publishers write them", "[html]") {
    struct Case {
        const char* why;
        std::string text;
        Texts isins;
        Texts names;
    };
    // clang-format off
    const auto row = GENERATE(values<Case>({
        {"plain", "<html><body><table><tr><th>ISIN</th><th>NAME</th></tr><tr><td>A</td><td>x</td></tr></table>", {"A"}, {"x"}},
        {"end tags left out", "<TABLE><TR><TD>ISIN<TD>NAME<TR><TD>A<TD>x<TR><TD>B<TD>y</TABLE>", {"A", "B"}, {"x", "y"}},
        {"the tag of a row left out", "<table><td>ISIN<td>NAME</tr><td>A<td>x</table>", {"A"}, {"x"}},
        {"head, body and foot", "<table><thead><tr><th>ISIN<th>NAME<tbody><tr><td>A<td>x<tfoot><tr><td>B<td>y</table>", {"A", "B"}, {"x", "y"}},
        {"entities", kHead + "<tr><td>&nbsp;A&#32;<td>a &amp; b &lt;&eacute;&#x4e2d;&gt;</table>", {"A"}, {"a & b <é中>"}},
        {"an ampersand alone", kHead + "<tr><td>A<td>AT&T; Q & A</table>", {"A"}, {"AT&T; Q & A"}},
        {"a less-than sign alone", kHead + "<tr><td>A<td>1 < 2 <3</table>", {"A"}, {"1 < 2 <3"}},
        {"markup in cells", kHead + "<tr><td><b>A</b><td><a href='?q=<td>'>x</a> <i>y<br>z</table>", {"A"}, {"x y z"}},
        {"blanks as a browser shows them", kHead + "<tr><td>\n\t A \r\n<td>x \n  y</table>", {"A"}, {"x y"}},
        {"quotes in attributes", kHead + "<tr><td title='a > \"b'>A<td title=\"'>\">x</table>", {"A"}, {"x"}},
        {"a stray quote in a tag", kHead + "<tr><td width=10\">A<td a=\"1\"\">x</table>", {"A"}, {"x"}},
        {"comments", kHead + "<!-- <tr><td>C --><tr><!-->--><td>A<!-- x --><td>x</table>", {"A"}, {"x"}},
        {"scripts", kHead + "<script>'<tr><td>C</td>'</script><tr><td>A<script>x</scriptx></SCRIPT ><td>x</table>", {"A"}, {"x"}},
        {"text between cells", kHead + "<tr><td>A</td>stray<td>x</table>", {"A"}, {"x"}},
        {"columns in another order", "<table><tr><td>Name of Company<td>Isin_Number<tr><td>x<td>A</table>", {"A"}, {"x"}},
        {"cells over several columns", "<table><tr><td colspan=2>a<td>ISIN<td>NAME<tr><td>1<td>2<td>A<td>x</table>", {"A"}, {"x"}},
        {"other tables before and behind", "<table><tr><td>menu</table>" + kHead + "<tr><td>A<td>x</table><table><tr><td>B<td>y</table>", {"A"}, {"x"}},
        {"several tables with names", kHead + "<tr><td>A<td>x</table><p>" + kHead + "<tr><td>B<td>y</table>", {"A", "B"}, {"x", "y"}},
        {"a table for the layout", "<table><tr><td>menu<td>" + kHead + "<tr><td>A<td>x</table></td></tr><tr><td>C<td>z</table>", {"A"}, {"x"}},
        {"a table in a cell", kHead + "<tr><td>A<td>x<tr><td>L<td><table><tr><td>C<td>z</table><tr><td>B<td>y</table>", {"A", "B"}, {"x", "y"}},
        {"rows before the names", "<table><tr><td colspan=2>List<tr><td>ISIN<td>NAME<tr><td>A<td>x</table>", {"A"}, {"x"}},
        {"the names again", kHead + "<tr><td>ISIN<td>NAME<tr><td>A<td>x</table>", {"A"}, {"x"}},
        {"rows without an ISIN are passed on", "<table><tr><td>ISIN<td>NAME<td>C<tr><td><td>x<td>y</table>", {""}, {"x"}},
        {"blank rows", kHead + "<tr></tr><tr><td>&nbsp;<td> </tr><tr><td>A<td>x</table>", {"A"}, {"x"}},
        {"UTF-8 with its mark", "\xEF\xBB\xBF" + kHead + "<tr><td>A<td>é</table>", {"A"}, {"é"}},
        {"a NUL", kHead + "<tr><td>A<td>x\0y</table>"s, {"A"}, {"x\uFFFDy"}},
    }));
    // clang-format on
    CAPTURE(row.why);
    const Parsed parsed = parse("html-table", row.text);
    CHECK(parsed.isins() == row.isins);
    CHECK(names(parsed) == row.names);
    CHECK(parsed.summary.incomplete.empty());
    for (const std::size_t step : {1U, 3U}) {
        DrippingSource source(row.text, step);
        CHECK(parse("html-table", source).records == parsed.records);
    }
}

TEST_CASE("rows of a page have a place and a text", "[html]") {
    const Parsed parsed = parse("html-table", "<p>\n" + kHead + "\n<tr><td>A<td>x\n</tr></table>");
    REQUIRE(parsed.records.size() == 1);
    CHECK(parsed.records[0].position.line == 3);
    CHECK(parsed.records[0].position.byte == 4 + kHead.size() + 1);
    CHECK(parsed.records[0].text == "A | x");
    CHECK(parsed.summary.rows == 1);
}

TEST_CASE("a cell is split where the full-width blank stands, rows of one cell are sections",
          "[html]") {
    // As the Taiwan Stock Exchange does it, in Big5.
    const std::string page =
        "<link rel=stylesheet><meta http-equiv='Content-Type' content='text/html; charset=MS950'>"
        "<table align=center><h2>\xA5\xBB\xB0\xEA</h2></table>"
        "<TABLE><tr><td>\xA6\xB3\xBB\xF9 </td><td>ISIN Code</td></tr>"
        "<tr><td bgcolor=#FAFAD2 colspan=2 ><B> \xAA\xD1\xB2\xBC <B> </td></tr>"
        "<tr><td>1101\xA1\x40\xA5\x78\xAA\x64</td><td>A</td></tr>"
        "<tr><td>2353\xA1\x40\xA1\x40\xA7\xBB\xF9\xD6</td><td>B</td></tr>"
        "<tr><td colspan=2><B> ETF <B></td></tr>"
        "<tr><td>0050 TOP 50</td><td>C</td></tr>"
        "<tr><td>9999</td><td>D</td></tr></table>";
    const ParseOptions options{
        .columns = {{"isin", {"ISIN Code"}},
                    {"venue", {"code"}},
                    {"name", {"name"}},
                    {"kind", {"section"}}},
        .html = {.split = {.columns = {"有價"}, .at = {"\u3000", " "}, .into = {"code", "name"}},
                 .section = "section"}};
    const Parsed parsed = parse("html-table", page, options);
    CHECK(parsed.isins() == Texts{"A", "B", "C", "D"});
    CHECK(names(parsed) == Texts{"台泥", "宏碁", "TOP 50", ""});
    REQUIRE(parsed.records.size() == 4);
    CHECK(parsed.records[0].venue == "1101");
    CHECK(parsed.records[1].others.at("kind") == "股票");
    CHECK(parsed.records[2].others.at("kind") == "ETF");
    CHECK(parsed.records[3].venue == "9999");
    CHECK(parsed.summary.rows == 6);
    CHECK(parsed.summary.footnotes == 2);
    CHECK(parsed.summary.encoding == "big5");
    CHECK(parsed.summary.warnings.empty());
}

TEST_CASE("a table without names has columns by their places", "[html]") {
    const ParseOptions options{.columns = {{"isin", {"#2"}}, {"name", {"#1"}}, {"kind", {"s"}}},
                               .html = {.section = "s"}};
    const Parsed parsed =
        parse("html-table",
              "<table><tr><td>x<td>US0378331005<tr><td>Bonds<tr><td>y<td>B</table>",
              options);
    CHECK(parsed.isins() == Texts{"US0378331005", "B"});
    CHECK(names(parsed) == Texts{"x", "y"});
}

TEST_CASE("bytes that are nothing in the page's encoding are counted, not lost", "[html]") {
    ParseOptions options = isin_columns();
    options.encoding = Encoding::big5;
    const Parsed parsed =
        parse("html-table", kHead + "<tr><td>A<td>\xFF\xA5\x78\xA5</table>", options);
    CHECK(names(parsed) == Texts{"\uFFFD台\uFFFD"});
    CHECK(parsed.summary.warnings == Texts{"text has bytes that are nothing in big5"});
}

TEST_CASE("pages say which encoding they have", "[html]") {
    struct Case {
        const char* text;
        Encoding encoding;
    };
    const auto row = GENERATE(values<Case>({
        {"<meta charset=utf-8>", Encoding::utf_8},
        {"<meta charset=\"Big5\">", Encoding::big5},
        {"content=\"text/html; charset=MS950\"", Encoding::big5},
        {"content='text/html;charset=Shift_JIS'", Encoding::shift_jis},
        {"<meta charset = 'EUC-KR' />", Encoding::euc_kr},
        {"charset=gbk;", Encoding::gb18030},
        {"charset=iso-8859-1>", Encoding::windows_1252},
        {"charset=klingon>", Encoding::automatic},
        {"charset", Encoding::automatic},
        {"charset=", Encoding::automatic},
        {"", Encoding::automatic},
    }));
    CAPTURE(row.text);
    CHECK(declared_encoding(row.text) == row.encoding);
}

TEST_CASE("pages that cannot be trusted say why", "[html]") {
    struct Case {
        const char* why;
        std::string text;
        std::string failure;
    };
    // clang-format off
    const auto row = GENERATE(values<Case>({
        {"no table", "<!DOCTYPE html><html><head><title>Sorry</title>",
         "protocol: no table with a column named 'ISIN', 'ISIN NUMBER'; the file begins with "
         "'<!DOCTYPE html><html><head><title>Sorry</title>' (title 'Sorry')"},
        {"another table", "<table><tr><td>a<td>b</table>",
         "protocol: no table with a column named 'ISIN', 'ISIN NUMBER'; the file begins with "
         "'<table><tr><td>a<td>b</table>'"},
        {"JSON", "{\"error\": 1}",
         "protocol: no table with a column named 'ISIN', 'ISIN NUMBER'; the file begins with '{\"error\": 1}'"},
        {"cut in a row", kHead + "<tr><td>A", "incomplete: line 1, byte 32: the page ends in a row"},
        {"cut in a tag", kHead + "<tr><td>A</td", "incomplete: line 1, byte 32: the page ends in a row"},
        {"cut behind a row", kHead + "<tr><td>A<td>x</tr>", "incomplete: the page ends in a table"},
        {"cut in a comment", kHead + "<tr><td>A<td>x</tr><!-- ", "incomplete: the page ends in a table"},
        {"cut in a script", kHead + "<tr><td>A<td>x</tr><script>", "incomplete: the page ends in a table"},
        {"nothing", "", "protocol: the file is empty"},
    }));
    // clang-format on
    CAPTURE(row.why);
    CHECK(failure(row.text) == row.failure);
}

TEST_CASE("pages made to exhaust the reader end in an error", "[html]") {
    ParseOptions options = isin_columns();
    options.max_record = 100'000;
    const auto times = [](std::size_t count, std::string_view what) {
        std::string text;
        for (std::size_t i = 0; i < count; ++i) {
            text += what;
        }
        return text;
    };
    CHECK(failure("<table><tr><td>" + std::string(200'000, 'x'), options) ==
          "data: line 1, byte 7: a row of more than 100000 bytes");
    CHECK(failure("<table><tr>" + times(20'000, "<td>"), options) ==
          "data: line 1, byte 7: a row of more than 16384 cells");
    CHECK(failure(times(1000, "<table><tr><td>"), options) ==
          "data: line 1, byte 1500: more than 100 tables in each other");
    // Neither depth nor the length of a tag is a cost.
    const std::string deep = times(50'000, "<b><div a" + std::string(20, 'b') + "=1>");
    const std::string wide = "<td " + times(100'000, "a=1 ") + "colspan=2>";
    const Parsed parsed =
        parse("html-table",
              deep + kHead + deep + "<tr>" + wide + "A" + times(3000, "<b><div>") +
                  "<td colspan=99999999999999999999>x</table>" + deep,
              options);
    CHECK(parsed.isins() == Texts{"A"});
    const Parsed spans = parse(
        "html-table", kHead + "<tr><td>A" + times(5000, "<td colspan=1000>") + "</table>", options);
    CHECK(spans.isins() == Texts{"A"});
}
