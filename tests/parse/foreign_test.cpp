#include "parse/foreign.hpp"

#include "parse/parsed.hpp"
#include "support/catch.hpp"
#include "support/zip_bytes.hpp"
#include "util/error.hpp"

using namespace isinfetch;
using namespace isinfetch::test;
using namespace std::string_literals;

namespace {

std::string workbook() {
    return zip_bytes({{"[Content_Types].xml", "<Types/>"}, {"xl/workbook.xml", "<workbook/>"}});
}

std::string open_document() {
    return zip_bytes(
        {{"mimetype", "application/vnd.oasis.opendocument.spreadsheet"}, {"content.xml", "<x/>"}},
        {.method = 0});
}

/// "protocol: message" of a file that is refused.
std::string failure(const char* format, const std::string& bytes) {
    try {
        parse_file_of(format, bytes);
    } catch (const Error& error) {
        return std::string(name(error.kind())) + ": " + error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("what came instead of a list is named, with what to set", "[open]") {
    struct Case {
        const char* why;
        const char* format;
        std::string bytes;
        const char* message;
    };
    // clang-format off
    const auto row = GENERATE(values<Case>({
        {"a workbook as csv", "csv", workbook(), "an Excel workbook where csv was expected: set 'format: xlsx'"},
        {"a workbook as json", "json", workbook(), "an Excel workbook where json was expected: set 'format: xlsx'"},
        {"a workbook as xls", "xls", workbook(), "an Excel workbook where xls was expected: set 'format: xlsx'"},
        {"a workbook in a zip as csv", "csv", zip_bytes({{"a.xlsx", workbook()}}), "an Excel workbook where a CSV file was expected: set 'format: xlsx'"},
        {"csv as workbook", "xlsx", "ISIN;Name\nUS0378331005;Apple\n", "text where a workbook (xlsx) was expected: set 'format: csv'"},
        {"csv as old workbook", "xls", "ISIN;Name\nUS0378331005;Apple\n", "text where an old workbook (xls) was expected: set 'format: csv'"},
        {"json as workbook", "xlsx", "[{\"isin\": 1}]", "JSON where a workbook (xlsx) was expected: set 'format: json'"},
        {"html as workbook", "xls", "<html><body><table><tr><td>ISIN", "HTML where an old workbook (xls) was expected: set 'format: html-table'"},
        {"ods as workbook", "xlsx", open_document(), "an OpenDocument file (ods) where xlsx was expected: look whether"},
        {"ods as csv", "csv", open_document(), "an OpenDocument file (ods) where csv was expected"},
        {"another document", "csv", zip_bytes({{"[Content_Types].xml", ""}, {"word/document.xml", ""}}), "an Office document that is no workbook where csv"},
        {"xml as csv", "csv", "<?xml version='1.0'?><a><ISIN/></a>", "XML where a CSV file was expected: set 'format: xml'"},
        {"firds as csv", "csv", "<?xml version='1.0'?><B xmlns='urn:iso:std:iso:20022:tech:xsd:x'/>", "set 'format: firds'"},
        {"a PDF file", "csv", "%PDF-1.7", "a PDF file where a CSV file was expected: look whether the address is right"},
        {"an old Office file as csv", "csv", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "an old Office file where a CSV file was expected: set 'format: xls'"},
        {"json as csv", "csv", "[{\"isin\": \"US0378331005\"}]\n", "it looks like JSON: set 'format: json'"},
        {"bytes", "lines", "\1\2\0\0\3\4xyz"s, "a binary file where a list of lines was expected"},
    }));
    // clang-format on
    CAPTURE(row.why);
    const std::string found = failure(row.format, row.bytes);
    CHECK_THAT(found, StartsWith("protocol: "));
    CHECK_THAT(found, ContainsSubstring(row.message));
}

TEST_CASE("a zip file that is no document is not taken for one", "[open]") {
    CHECK(packed_document(zip_bytes({{"a.csv", "A"}})).what.empty());
    CHECK(packed_document("ISIN").what.empty());
    CHECK(packed_document(workbook()).format == "xlsx");
}
