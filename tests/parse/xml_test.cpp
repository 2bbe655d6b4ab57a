#include "parse/format.hpp"
#include "parse/parsed.hpp"
#include "support/catch.hpp"
#include "util/error.hpp"

#include <fmt/format.h>

using namespace isinfetch;
using namespace isinfetch::test;

namespace {

using Texts = std::vector<std::string>;

ParseOptions rows_named(std::string rows) {
    ParseOptions options = isin_columns();
    options.xml.rows = std::move(rows);
    return options;
}

std::string failure(const std::string& text, const ParseOptions& options) {
    try {
        parse("xml", text, options);
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

const std::string kResult =
    "<BizData xmlns=\"h\"><Pyld><Document xmlns=\"urn:auth.044.001.03\"><Rslt><RptHdr/>\n"
    "<EqtyTrnsprncyData><TechRcrdId>1</TechRcrdId><Id>NL0010273215</Id><RptgPrd><FrDtToDt>"
    "<FrDt>2025-01-01</FrDt><ToDt>2025-12-31</ToDt></FrDtToDt></RptgPrd><Lqdty>true</Lqdty>"
    "<RlvntMkt><Id>XAMS</Id></RlvntMkt></EqtyTrnsprncyData></Rslt></Document></Pyld></BizData>";

}  // namespace

TEST_CASE("elements of a row are its columns", "[xml]") {
    const ParseOptions options{.columns = {{"isin", {"Id"}},
                                           {"venue", {"RptgPrd"}},
                                           {"to", {"RptgPrd/FrDtToDt/ToDt"}},
                                           {"market", {"RlvntMkt/Id"}},
                                           {"none", {"Nothing"}}},
                               .xml = {.rows = "EqtyTrnsprncyData"}};
    std::vector<std::string> venues;
    StringSource source(kResult);
    const ParseSummary summary =
        find_format("xml")->parse(source, options, [&](const RawRecord& record) {
            venues.emplace_back(record.fields[index(Field::venue)]);
            CHECK(record.fields[index(Field::isin)] == "NL0010273215");
            CHECK(record.position.line == 2);
            CHECK(kResult.substr(record.position.byte).starts_with("<EqtyTrnsprncyData>"));
            CHECK(record.others ==
                  decltype(record.others){{"to", "2025-12-31"}, {"market", "XAMS"}, {"none", ""}});
        });
    CHECK(venues == Texts{"2025-01-01 2025-12-31"});
    CHECK(summary.rows == 1);
}

TEST_CASE("XML is read as publishers write it", "[xml]") {
    struct Case {
        const char* why;
        std::string text;
        std::string rows;
        Texts isins;
    };
    const auto row = GENERATE(values<Case>({
        {"rows of the outermost element",
         "<l><r><ISIN>A</ISIN></r><s><isin>B</isin></s></l>",
         "",
         {"A", "B"}},
        {"attributes", "<l xmlns:x='y'><x:r x:ISIN='A' n='1'/></l>", "r", {"A"}},
        {"entities and CDATA", "<l><r><ISIN>&#65;<![CDATA[B]]></ISIN></r></l>", "r", {"AB"}},
        {"the first of two", "<l><r><ISIN>A</ISIN><ISIN>B</ISIN></r></l>", "r", {"A"}},
        {"a row without", "<l><r><ISIN>A</ISIN></r><r><n>1</n></r><r/></l>", "r", {"A", ""}},
        {"a mark and blanks",
         "\xEF\xBB\xBF<?xml version='1.0'?>\n<l>\n<r>\n<ISIN> A </ISIN>\n</r></l>\n",
         "r",
         {"A"}},
    }));
    CAPTURE(row.why);
    CHECK(parse("xml", row.text, rows_named(row.rows)).isins() == row.isins);
}

TEST_CASE("hostile and damaged XML is refused", "[xml]") {
    std::string deep;
    for (int i = 0; i < 100'000; ++i) {
        deep += "<a>";
    }
    struct Case {
        std::string text;
        const char* said;
    };
    const std::vector<Case> rows{
        {"<!DOCTYPE l [<!ENTITY a 'b'>]><l><r><ISIN>&a;</ISIN></r></l>",
         "document type declaration"},
        {"<!DOCTYPE l SYSTEM 'file:///etc/passwd'><l/>", "document type declaration"},
        {deep, "more than 64 elements in each other"},
        {"<l><r>" + deep, "more than 64 elements in each other"},
        {"<l><r><ISIN>" + std::string(5000, 'A') + "</ISIN></r></l>",
         "a row of more than 1000 bytes"},
        {"<l><r><ISIN>" + std::string(300'000, 'A'), "a row of more than 1000 bytes"},
        {"<l><r n='" + std::string(300'000, 'A'), "of more than 1000 bytes"},
        {"<l><r><ISIN>A</ISIN></r>", "the file is incomplete"},
        {"<l><r><ISIN>A</r></l>", "the XML is damaged"},
        {"<l><x/></l>", "no rows named 'r'"},
        {"<l><r><n>1</n></r></l>", "no element named"},
        {"<!doctype html><html><title>x</title></html>", "HTML where XML was expected"},
        {"ISIN\nA\n", "text where XML was expected: set 'format: lines'"},
    };
    ParseOptions options = rows_named("r");
    options.max_record = 1000;
    for (const Case& row : rows) {
        CAPTURE(row.text.substr(0, 60));
        CHECK_THAT(failure(row.text, options), Catch::Contains(row.said));
    }
}
