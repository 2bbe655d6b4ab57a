// What is read from workbooks: cells, rows, sheets.
#include "parse/parsed.hpp"
#include "support/catch.hpp"
#include "support/workbook_parts.hpp"
#include "util/error.hpp"

using namespace isinfetch;
using namespace isinfetch::test;

namespace {

const std::string kHeader = text_row({"ISIN", "NAME"});
const std::string kApple = text_row({"US0378331005", "APPLE"});
const std::string kNestle = text_row({"CH0038863350", "NESTLE"});
const std::string kSap = text_row({"DE0007164600", "SAP"});

Parsed parse_parts(const ZipParts& parts, const ParseOptions& options = isin_columns()) {
    return parse_file_of("xlsx", zip_bytes(parts), options);
}

Parsed parse_rows(const std::string& rows, const ParseOptions& options = isin_columns()) {
    return parse_parts(workbook_parts({{"List", rows}}), options);
}

ParseOptions with_sheets(SheetOptions sheets) {
    ParseOptions options = isin_columns();
    options.sheets = std::move(sheets);
    return options;
}

using Isins = std::vector<std::string>;

}  // namespace

TEST_CASE("a cell is read as people see it", "[xlsx]") {
    struct Row {
        const char* cell;
        const char* text;
    };
    const auto row = GENERATE(values<Row>({
        {R"(<c t="inlineStr"><is><t>Böse &amp; Söhne</t></is></c>)", "Böse & Söhne"},
        {R"(<c t="inlineStr"><is><r><t>A</t></r><r><rPr><b/></rPr><t xml:space="preserve"> B</t></r></is></c>)",
         "A B"},
        {R"(<c t="inlineStr"><is><t>A_x000D_B_x41_C_x0041_</t></is></c>)", "A\rB_x41_CA"},
        {R"(<c t="inlineStr"><is><t>_xD800__x20AC_</t></is></c>)", "_xD800_€"},
        {R"(<c t="s"><v>0</v></c>)", "shared"},
        {R"(<c t="s"><v>1</v></c>)", "rich text"},
        {R"(<c t="s"><v>2</v></c>)", "東京"},
        {R"(<c t="s"><v>3</v></c>)", ""},
        {R"(<c t="s"><v/></c>)", ""},
        {R"(<c t="str"><f>A1&amp;"x"</f><v>of a formula</v></c>)", "of a formula"},
        {R"(<c><f>1+1</f><v>2</v></c>)", "2"},
        {R"(<c><f>1+1</f></c>)", ""},
        {R"(<c t="n"><v>12.50</v></c>)", "12.5"},
        {R"(<c t="b"><v>1</v></c>)", "TRUE"},
        {R"(<c t="b"><v>0</v></c>)", "FALSE"},
        {R"(<c t="e"><v>#N/A</v></c>)", "#N/A"},
        {R"(<c t="d"><v>2024-05-06</v></c>)", "2024-05-06"},
        {R"(<c s="1"><v>43333</v></c>)", "2018-08-21"},
        {R"(<c s="2"><v>43333</v></c>)", "2018-08-21"},
        {R"(<c s="3"><v>7</v></c>)", "00007"},
        {R"(<c s="99"><v>43333</v></c>)", "43333"},
        {R"(<c s="1" t="inlineStr"><is><t>43333</t></is></c>)", "43333"},
        {R"(<x:c xmlns:x="u" t="str"><x:v>prefixed</x:v></x:c>)", "prefixed"},
        {R"(<c t="str"><v>a<!-- b -->c<![CDATA[<d>]]></v></c>)", "ac<d>"},
        {R"(<c/>)", ""},
    }));
    const std::string strings = shared_texts(
        "<si><t>shared</t></si><si><r><t>rich</t></r><r><t> text</t></r></si>"
        "<si><t>東京</t><rPh sb=\"0\" eb=\"2\"><t>トウキョウ</t></rPh></si><si/>");
    const std::string styles = number_styles({"#0", "14", "dd\\/mm\\/yyyy", "00000"});
    const std::string rows =
        kHeader + "<row><c t=\"str\"><v>US0378331005</v></c>" + row.cell + "</row>";
    CAPTURE(row.cell);
    const Parsed parsed = parse_parts(workbook_parts({{"List", rows}}, strings, styles));
    REQUIRE(parsed.records.size() == 1);
    CHECK(parsed.records[0].isin == "US0378331005");
    CHECK(parsed.records[0].name == row.text);
}

TEST_CASE("dates of a workbook may count from 1904", "[xlsx]") {
    const std::string rows =
        kHeader + "<row><c t=\"str\"><v>US0378331005</v></c><c s=\"0\"><v>41871</v></c></row>";
    ZipParts parts = workbook_parts({{"List", rows}}, "", number_styles({"14"}));
    replace(part(parts, "xl/workbook.xml"), "<workbookPr/>", "<workbookPr date1904=\"1\"/>");
    CHECK(parse_parts(parts).records.at(0).name == "2018-08-21");
}

TEST_CASE("cells are where their names say, else behind the one before", "[xlsx]") {
    const ParseOptions options{.columns = {{"isin", {"ISIN"}}, {"name", {"NAME"}}},
                               .header_within = 50};
    const std::string rows =
        R"(<row r="3"><c r="B3" t="str"><v>ISIN</v></c><c r="AB3" t="str"><v>NAME</v></c></row>)"
        R"(<row r="7"><c r="A7"/><c t="str"><v>US0378331005</v></c><c r="AB7" t="str"><v>A</v></c></row>)"
        R"(<row><c r="AB8" t="str"><v>B</v></c><c r="B8" t="str"><v>CH0038863350</v></c></row>)"
        R"(<row><c r="B9" t="str"><v>DE0007164600</v></c></row>)";
    const Parsed parsed = parse_rows(rows, options);
    REQUIRE(parsed.isins() == Isins{"US0378331005", "CH0038863350", "DE0007164600"});
    CHECK(parsed.records[0].name == "A");
    CHECK(parsed.records[1].name == "B");
    CHECK(parsed.records[2].name.empty());
    CHECK(parsed.records[0].position.line == 7);
    CHECK(parsed.records[1].position.line == 8);
    CHECK(parsed.records[0].text == "List: ; US0378331005;" + [] {
        std::string blanks;
        for (int i = 0; i < 25; ++i) {
            blanks += " ;";
        }
        return blanks;
    }() + " A;");
}

TEST_CASE("titles, blank rows and remarks are no records", "[xlsx]") {
    const std::string remark =
        "All reasonable efforts have been made, but no liability is accepted";
    const Parsed parsed = parse_rows(
        text_row({"List of Securities"}) + text_row({"", "Updated as at 11/07/2025"}) + kHeader +
        text_row({"", ""}) + text_row({" ", ""}) + kApple + kHeader + text_row({remark}) +
        text_row({"", "Section B"}) + text_row({"", "No ISIN", "but two cells"}) +
        text_row({"US0378331006", ""}) + "<row/>");
    // The second but last has no ISIN, the last a wrong one: for others to judge.
    CHECK(parsed.isins() == Isins{"US0378331005", "", "US0378331006"});
    CHECK(parsed.summary.rows == 6);
    CHECK(parsed.summary.footnotes == 3);
    CHECK(parsed.summary.incomplete.empty());
    CHECK(parsed.summary.warnings.empty());
}

TEST_CASE("a column can be found by its place where the header is gone", "[xlsx]") {
    const ParseOptions options{.columns = {{"isin", {"ISIN", "#1"}}, {"name", {"NAME", "#2"}}}};
    const Parsed parsed = parse_rows(text_row({"List"}) + kApple + kHeader + kSap, options);
    CHECK(parsed.isins() == Isins{"US0378331005", "DE0007164600"});
    CHECK(parsed.records.at(0).name == "APPLE");
    CHECK(parsed.summary.footnotes == 1);
}

TEST_CASE("patterns say which sheets are read", "[xlsx]") {
    struct Row {
        SheetOptions sheets;
        Isins isins;
        std::size_t warnings;
    };
    const std::vector<Row> rows{
        {{}, {"US0378331005", "US0378331005", "CH0038863350"}, 1},
        {{.except = {"1.0 *", "disclaimer"}}, {"US0378331005", "CH0038863350"}, 0},
        {{.only = {"1.2*"}}, {"CH0038863350"}, 0},
        {{.only = {"1.*"}, .except = {"1.0 *"}}, {"US0378331005", "CH0038863350"}, 0},
    };
    const ZipParts parts =
        workbook_parts({{"1.0 All", kHeader + kApple},
                        {"1.1 Shares", kHeader + kApple},
                        {"1.2 Bonds", text_row({"NAME", "ISIN"}) + text_row({"N", "CH0038863350"})},
                        {"Disclaimer", text_row({"No liability"})},
                        {"Sheet2", ""}});
    for (const Row& row : rows) {
        const Parsed parsed = parse_parts(parts, with_sheets(row.sheets));
        CHECK(parsed.isins() == row.isins);
        CHECK(parsed.summary.warnings.size() == row.warnings);
    }
}

TEST_CASE("what a sheet announces is compared with what it has", "[xlsx]") {
    struct Row {
        std::string title;
        std::string footer;
        bool is_complete;
    };
    const std::string none;
    const std::vector<Row> rows{
        {text_row({"Number of Instruments: 2"}), none, true},
        {text_row({"number of instruments: 2 "}), none, true},
        {text_row({"Number of Instruments", "", "2"}), none, true},
        {text_row({"Number of Instruments: "}), none, true},
        {text_row({"Number of Instruments: many"}), none, true},
        {text_row({"Number of Instruments: 1,002"}), none, false},
        {text_row({"Number of Instruments: 1"}), none, false},
        {text_row({"Number of Instruments: 0"}), none, false},
        {text_row({"Number of Instruments: 99999999999999999999999"}), none, true},
        {none, text_row({"Number of Instruments: 2"}), true},
        {none, text_row({"Number of Instruments: 3"}), false},
    };
    const ParseOptions options = with_sheets({.announced = "Number of Instruments"});
    for (const Row& row : rows) {
        CAPTURE(row.title, row.footer);
        const Parsed parsed =
            parse_rows(row.title + kHeader + kApple + kNestle + row.footer, options);
        CHECK(parsed.summary.incomplete.empty() == row.is_complete);
    }
    CHECK(parse_rows(rows[5].title + kHeader + kApple + kNestle, options).summary.incomplete ==
          "sheet 'List': it announces 1002 rows and has 2");
    CHECK(parse_rows(rows[5].title + kHeader + kApple).summary.incomplete.empty());
}

TEST_CASE("packages are read however they are written", "[xlsx]") {
    const std::string rows = kHeader + "<row><c t=\"s\"><v>0</v></c></row>";
    const std::string strings = shared_texts("<si><t>US0378331005</t></si>");
    ZipParts parts = workbook_parts({{"List", rows}}, strings);
    std::string& relationships = part(parts, "xl/_rels/workbook.xml.rels");

    SECTION("as Excel writes them") {}
    SECTION("absolute targets") {
        replace(relationships, "Target=\"", "Target=\"/xl/");
    }
    SECTION("targets with detours") {
        replace(relationships, "Target=\"", "Target=\"./../xl//");
    }
    SECTION("backslashes") {
        replace(relationships, "worksheets/sheet1", "worksheets\\sheet1");
        parts[1].first = "xl\\worksheets\\sheet1.xml";
    }
    SECTION("names in other cases") {
        replace(relationships, "sheet1.xml", "Sheet1.XML");
    }
    SECTION("parts in any order") {
        std::ranges::reverse(parts);
    }
    SECTION("without relationships of the package") {
        std::erase_if(parts, [](const auto& part) { return part.first == "_rels/.rels"; });
    }
    SECTION("the strict variant") {
        for (auto& [name, text] : parts) {
            replace(text,
                    "http://schemas.openxmlformats.org/officeDocument/2006/",
                    "http://purl.oclc.org/ooxml/officeDocument/");
            replace(text,
                    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
                    "http://purl.oclc.org/ooxml/spreadsheetml/main");
        }
    }
    SECTION("byte order marks") {
        for (auto& [name, text] : parts) {
            text.insert(0, "\xEF\xBB\xBF");
        }
    }
    SECTION("UTF-16") {
        std::string wide = "\xFF\xFE";
        for (const char letter : part(parts, "xl/sharedStrings.xml")) {
            wide += letter;
            wide += '\0';
        }
        part(parts, "xl/sharedStrings.xml") = wide;
    }
    SECTION("charts beside sheets") {
        replace(part(parts, "xl/workbook.xml"),
                "<sheets>",
                "<sheets><sheet name=\"Chart\" sheetId=\"9\" r:id=\"c\"/>");
        replace(relationships,
                "<Relationships>",
                "<Relationships><Relationship Id=\"c\" Type=\"x/chartsheet\" Target=\"c.xml\"/>");
    }
    SECTION("links that lead away") {
        replace(relationships,
                "<Relationships>",
                "<Relationships><Relationship Id=\"h\" Type=\"x/hyperlink\" "
                "Target=\"https://example.org/../../x\" TargetMode=\"External\"/>"
                "<Relationship Id=\"o\" Type=\"x/other\" Target=\"../../../etc/passwd\"/>");
    }
    CHECK(parse_parts(parts).isins() == Isins{"US0378331005"});
}

TEST_CASE("archives are read however they are packed", "[xlsx]") {
    const ZipParts parts = workbook_parts({{"List", kHeader + kApple}});
    const std::string workbook = zip_bytes(parts);
    std::string bytes = workbook;
    SECTION("deflated") {}
    SECTION("stored") {
        bytes = zip_bytes(parts, {.method = 0});
    }
    SECTION("sizes of eight bytes") {
        bytes = zip_bytes(parts, {.large_sizes = true});
    }
    SECTION("local extra fields, and a byte behind the end") {
        bytes = zip_bytes(parts, {.local_extra = "abcd", .behind = "\n"});
    }
    SECTION("in a zip file") {
        bytes = zip_bytes({{"list.xlsx", workbook}});
    }
    SECTION("in a zip file of macOS") {
        bytes = zip_bytes({{"list.xlsx", workbook}, {"__MACOSX/._list.xlsx", "x"}});
    }
    SECTION("in a gzip file") {
        const std::string size = little(workbook.size(), 4);
        const auto checksum = crc32(0,
                                    reinterpret_cast<const Bytef*>(workbook.data()),
                                    static_cast<unsigned>(workbook.size()));
        bytes =
            "\x1F\x8B\x08" + std::string(7, '\0') + deflated(workbook) + little(checksum, 4) + size;
    }
    CHECK(parse_file_of("xlsx", bytes).isins() == Isins{"US0378331005"});
}

TEST_CASE("a large sheet is unpacked ahead", "[slow][xlsx]") {
    std::string rows = kHeader;
    for (int i = 0; i < 60'000; ++i) {
        rows += text_row({"US0378331005", std::to_string(i * 7919LL % 1'000'003)});
    }
    const Parsed parsed = parse_rows(rows);
    CHECK(parsed.records.size() == 60'000);
    CHECK(parsed.records.back().position.line == 60'001);
}

TEST_CASE("what the sink throws comes through as it is", "[xlsx]") {
    const TempDir directory;
    std::ofstream(directory / "list", std::ios::binary)
        << zip_bytes(workbook_parts({{"List", kHeader + kApple}}));
    const RecordSink sink = [](const RawRecord&) { fail(ErrorKind::io, "disk full"); };
    CHECK_THROWS_WITH(
        read_list(*find_format("xlsx"), {directory / "list", {}}, isin_columns(), sink),
        "disk full");
}
