#include "cli/listing_output.hpp"

#include "support/catch.hpp"

#include <string>

using namespace isinfetch::cli;

TEST_CASE("what a spreadsheet would carry out is known", "[cli]") {
    struct Row {
        std::string field;
        bool expected;
    };
    const auto row = GENERATE(values<Row>({
        {"=1+1", true},     {"=HYPERLINK(\"http://x\")", true},
        {"@SUM(A1)", true}, {"+cmd|' /C calc'!A0", true},
        {"-2+3+cmd", true}, {"-1+2", true},
        {"\tx", true},      {"\rx", true},
        {"  =1", true},     {"\uFF1D1", true},
        {"\uFF20x", true},  {"-", true},
        {"", false},        {" ", false},
        {"-1.5", false},    {"+3,25", false},
        {"-1E5", false},    {"12%", false},
        {"A=B", false},     {"3M CO", false},
        {"'=1", false},
    }));
    INFO('"' << row.field << '"');
    CHECK(looks_like_formula(row.field) == row.expected);
}

TEST_CASE("cells of CSV are guarded on request only", "[cli]") {
    std::string line = "a";
    append_csv(line, "=1");
    append_csv(line, "=1", CsvCells::spreadsheet_safe);
    append_csv(line, "=A,\"B\"", CsvCells::spreadsheet_safe);
    append_csv(line, "plain", CsvCells::spreadsheet_safe);
    CHECK(line == "a,=1,'=1,\"'=A,\"\"B\"\"\",plain");
}
