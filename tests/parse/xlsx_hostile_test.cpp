// Workbooks that are damaged, are none, or want to do harm: an error that says so, within limits.
#include "parse/parsed.hpp"
#include "support/catch.hpp"
#include "support/workbook_parts.hpp"
#include "util/error.hpp"

using namespace isinfetch;
using namespace isinfetch::test;

namespace {

const std::string kHeader = text_row({"ISIN", "NAME"});
const std::string kApple = text_row({"US0378331005", "APPLE"});

/// "data: …": what reading these bytes fails with; "" when it does not.
std::string failure(const std::string& bytes,
                    const ParseOptions& options = isin_columns(),
                    const OpenLimits& limits = {}) {
    try {
        parse_file_of("xlsx", bytes, options, limits);
    } catch (const Error& error) {
        return fmt::format("{}: {}", name(error.kind()), error.what());
    }
    return {};
}

std::string failure_of(const ZipParts& parts, const ParseOptions& options = isin_columns()) {
    return failure(zip_bytes(parts), options);
}

std::string failure_of_rows(const std::string& rows) {
    return failure_of(workbook_parts({{"List", rows}}));
}

std::string repeated(std::string_view text, std::size_t times) {
    std::string result;
    for (std::size_t i = 0; i < times; ++i) {
        result += text;
    }
    return result;
}

/// An old Office file whose directory has one name.
std::string office_file(const std::string& entry) {
    std::string bytes = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + std::string(504, '\0');
    bytes[30] = 9;
    bytes[48] = 0;
    std::string wide;
    for (const char letter : entry) {
        wide += letter;
        wide += '\0';
    }
    return bytes + wide + std::string(512, '\0');
}

}  // namespace

TEST_CASE("what is no workbook is refused by name", "[xlsx]") {
    struct Row {
        std::string bytes;
        std::string message;
    };
    const std::vector<Row> rows{
        {"", "protocol: the file is empty"},
        {"<!DOCTYPE html><html><title>Sorry</title>", "protocol: HTML where a workbook (xlsx)"},
        {"ISIN,NAME\nUS0378331005,APPLE\n", "protocol: text where a workbook"},
        {"%PDF-1.4", "protocol: a PDF file where a workbook"},
        {office_file("EncryptedPackage"), "protocol: an encrypted workbook where a workbook"},
        {office_file("Workbook"),
         "protocol: an old Office file where a workbook (xlsx) was expected: set 'format: xls'"},
        {zip_bytes({{"list.csv", "ISIN\nUS0378331005\n"}}), "protocol: text where"},
        {zip_bytes({{"a.csv", "ISIN"}, {"b.csv", "ISIN"}}), "protocol: the zip file holds 2 files"},
        {zip_bytes({{"[Content_Types].xml", "<Types/>"}}), "it has no 'xl/workbook.xml'"},
        {zip_bytes({{"[Content_Types].xml", "<Types/>"}, {"xl/workbook.xml", "<document/>"}}),
         "protocol: another Office document"},
        {zip_bytes({{"[Content_Types].xml", "<Types/>"},
                    {"_rels/.rels",
                     "<Relationships><Relationship Type=\"x/officeDocument\" "
                     "Target=\"xl/workbook.bin\"/></Relationships>"}}),
         "protocol: a binary workbook (xlsb)"},
        {zip_bytes(workbook_parts({})), "protocol: no sheet to read: the workbook has none"},
        {zip_bytes(workbook_parts({{"List", ""}})),
         "protocol: no sheet to read: the workbook has 'List'"},
        {zip_bytes(workbook_parts({{"List", text_row({"Name", "Code"}) + kApple}})),
         "protocol: sheet 'List': no column named 'ISIN', 'ISIN NUMBER' in its first 50 rows; it "
         "begins with 'Name'"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.message);
        CHECK_THAT(failure(row.bytes), ContainsSubstring(row.message));
    }
}

TEST_CASE("a sheet that was asked for must be there and have a header", "[xlsx]") {
    ParseOptions options = isin_columns();
    options.sheets.only = {"Shares*"};
    CHECK(failure_of(workbook_parts({{"Equities", kHeader + kApple}, {"B", ""}}), options) ==
          "protocol: no sheet is named 'Shares*': the workbook has 'Equities', 'B'");
    options.sheets.only = {"Shares*", "Bonds"};
    CHECK(failure_of(workbook_parts({{"Shares", kHeader + kApple}}), options) ==
          "protocol: no sheet is named 'Bonds': the workbook has 'Shares'");
    options.sheets.only = {"Shares*"};
    const ZipParts parts =
        workbook_parts({{"Shares", kHeader + kApple}, {"Shares 2", text_row({"Code"})}});
    CHECK_THAT(failure_of(parts, options), StartsWith("protocol: sheet 'Shares 2': no column"));
    options.header_within = 1;
    CHECK_THAT(failure_of(workbook_parts({{"Shares", "<row/>" + kHeader + kApple}}), options),
               StartsWith("protocol: sheet 'Shares': no column"));
}

TEST_CASE("cells that cannot be are refused by row", "[xlsx]") {
    struct Row {
        std::string rows;
        std::string message;
    };
    const std::vector<Row> rows{
        {"<row><c t=\"s\"><v>3</v></c></row>", "row 2: a cell shows shared text '3' of 0"},
        {"<row><c t=\"s\"><v>-1</v></c></row>", "shared text '-1'"},
        {"<row><c t=\"s\"><v>99999999999999999999999</v></c></row>", "shared text '9999"},
        {"<row r=\"7\"><c r=\"XFE7\"/></row>", "row 7: more than 16384 columns"},
        {"<row><c r=\"ZZZZZZZZZZZZZZZZZZZZ1\"/></row>", "more than 16384 columns"},
        {"<row>" + repeated("<c/>", 1'000'000) + "</row>", "more than 16384 columns"},
        {"<row r=\"0\"/>", "no row: '0'"},
        {"<row r=\"2000000\"/>", "more than 1048576 rows"},
        {"<row r=\"1048576\"/><row/>", "row 1048576: more than 1048576 rows"},
        {"<row r=\"x\"/>", "no row: 'x'"},
        {text_row({std::string(2'000'000, 'x')}), "row 2: its texts have more than 1048576 bytes"},
        {text_row(std::vector<std::string>(20, std::string(60'000, 'x'))), "row 2: its texts have"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.message);
        const std::string failed = failure_of_rows(kHeader + row.rows);
        CHECK_THAT(failed, StartsWith("data: sheet 'List', row "));
        CHECK_THAT(failed, ContainsSubstring(row.message));
    }
}

TEST_CASE("shared texts count wherever they are shown", "[xlsx]") {
    const std::string text(100'000, 'x');
    const std::string rows = kHeader + "<row>" + repeated("<c t=\"s\"><v>0</v></c>", 11) + "</row>";
    const std::string strings = shared_texts("<si><t>" + text + "</t></si>");
    CHECK_THAT(failure_of(workbook_parts({{"List", rows}}, strings)),
               ContainsSubstring("row 2: its texts have more than 1048576 bytes"));
}

TEST_CASE("the table of shared texts is bounded", "[xlsx]") {
    ParseOptions options = isin_columns();
    options.sheets.max_text = 10'000;
    const auto failed = [&options](const std::string& items) {
        return failure_of(workbook_parts({{"List", kHeader + kApple}}, shared_texts(items)),
                          options);
    };
    const std::string much = "data: the texts that its cells share need more than 10000 bytes";
    CHECK(failed(repeated("<si/>", 2'000)) == much);
    CHECK(failed(repeated("<si><t>0123456789</t></si>", 600)) == much);
    CHECK(failed(repeated("<si><t>0123456789</t></si>", 500)).empty());
    options.max_record = 1'000;
    CHECK(failed("<si><t>" + std::string(1'001, 'x') + "</t></si>") ==
          "data: shared text 0 has more than 1000 bytes");
}

TEST_CASE("documents that are no plain XML are refused", "[xlsx]") {
    struct Row {
        std::string part;
        std::string text;
        std::string message;
    };
    const std::string bomb =
        "<!DOCTYPE a [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><worksheet>&b;</worksheet>";
    const std::string sheet = "xl/worksheets/sheet1.xml";
    const std::vector<Row> rows{
        {sheet, bomb, "protocol: xl/worksheets/sheet1.xml: the XML has a document type"},
        {"xl/sharedStrings.xml", bomb, "protocol: xl/sharedStrings.xml: the XML has a document"},
        {"xl/styles.xml", bomb, "protocol: xl/styles.xml: "},
        {"xl/workbook.xml", bomb, "protocol: xl/workbook.xml: "},
        {"_rels/.rels", bomb, "protocol: _rels/.rels: "},
        {sheet, "<worksheet><sheetData>", "data: xl/worksheets/sheet1.xml: byte "},
        {sheet, "<worksheet>&xxe;</worksheet>", "data: xl/worksheets/sheet1.xml: byte "},
        {sheet, "", "data: the workbook has no 'xl/worksheets/sheet1.xml', or an empty one"},
        {sheet, "<chartsheet/>", "data: sheet 'List': no worksheet"},
        {sheet, repeated("<a>", 200), "more than 100 elements in one another"},
        {sheet, worksheet("<row a='" + std::string(2'000'000, 'x') + "'/>"), "a tag or comment"},
        {"xl/styles.xml",
         "<styleSheet><cellXfs>" + repeated("<xf/>", 100'001),
         "data: the workbook has more than 100000 styles"},
        {"xl/workbook.xml",
         "<workbook><sheets>" + repeated("<sheet/>", 10'001),
         "data: the workbook has more than 10000 sheets"},
        {"xl/_rels/workbook.xml.rels",
         "<Relationships>" + repeated("<Relationship/>", 10'001),
         "data: more than 10000 relationships"},
        {"xl/_rels/workbook.xml.rels",
         "<Relationships/>",
         "data: sheet 'List': the workbook does not say where it is"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.message);
        ZipParts parts =
            workbook_parts({{"List", kHeader + kApple}}, shared_texts(""), number_styles({}));
        part(parts, row.part) = row.text;
        CHECK_THAT(failure_of(parts), ContainsSubstring(row.message));
    }
}

TEST_CASE("a workbook that unpacks to too much is refused", "[slow][xlsx]") {
    const ZipParts parts =
        workbook_parts({{"List", kHeader + kApple + repeated("<row/>", 100'000)}});
    const std::string bytes = zip_bytes(parts);
    const ParseOptions options = isin_columns();
    CHECK(failure(bytes).empty());
    CHECK_THAT(failure(bytes, options, {.max_bytes = 500'000}),
               ContainsSubstring("unpacks to more than 500000 bytes"));
    // Several parts together.
    const std::string large = repeated("<row r='9'/>", 6'000'000);
    const std::string bomb = zip_bytes(workbook_parts({{"List", kHeader + kApple + large}}));
    CHECK_THAT(failure(bomb), ContainsSubstring("or 200 times its size"));
    CHECK_THAT(failure(zip_bytes({{"list.xlsx", bytes}}), options, {.max_bytes = 1'000}),
               ContainsSubstring("unpacks to more than 1000 bytes"));
}

TEST_CASE("archives that cannot be read are refused", "[xlsx]") {
    const ZipParts parts = workbook_parts({{"List", kHeader + kApple}});
    CHECK_THAT(failure(zip_bytes(parts, {.flags = 1})), ContainsSubstring("it is encrypted"));
    CHECK_THAT(failure(zip_bytes(parts, {.method = 14})), ContainsSubstring("by method 14"));
    std::string bytes = zip_bytes(parts, {.method = 0});
    replace(bytes, "APPLE", "APPLY");
    CHECK_THAT(failure(bytes), ContainsSubstring("its checksum is wrong"));
}

TEST_CASE("a workbook cut anywhere or with any byte changed is refused or the same",
          "[slow][xlsx]") {
    const ZipParts parts = workbook_parts({{"List", kHeader + kApple}});
    const std::string bytes = zip_bytes(parts);
    const Parsed whole = parse_file_of("xlsx", bytes);
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        CAPTURE(size);
        CHECK(!failure(bytes.substr(0, size)).empty());
    }
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        std::string changed = bytes;
        changed[at] = static_cast<char>(changed[at] ^ 0x55);
        CAPTURE(at);
        const std::string failed = failure(changed);
        CHECK((failed.starts_with("data: ") || failed.starts_with("protocol: ") ||
               parse_file_of("xlsx", changed).records == whole.records));
    }
}
