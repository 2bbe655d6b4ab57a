#include "parse/format.hpp"
#include "parse/parsed.hpp"
#include "support/catch.hpp"
#include "util/error.hpp"

#include <fmt/format.h>

using namespace isinfetch;
using namespace isinfetch::test;

namespace {

using Texts = std::vector<std::string>;

JsonPath path(std::string_view text) {
    return JsonPath::parse(text).value();
}

ParseOptions rows_at(std::string_view rows) {
    ParseOptions options = isin_columns();
    options.json.rows = path(rows);
    return options;
}

ParseOptions table_at(std::string_view rows, std::string_view columns) {
    ParseOptions options = rows_at(rows);
    options.json.columns = path(columns);
    return options;
}

Texts names(const Parsed& parsed) {
    Texts result;
    for (const Parsed::Record& record : parsed.records) {
        result.push_back(record.name);
    }
    return result;
}

std::string failure(std::string_view text, const ParseOptions& options) {
    try {
        return "incomplete: " + parse("json", text, options).summary.incomplete;
    } catch (const Error& error) {
        return (error.kind() == ErrorKind::data       ? "data: "
                : error.kind() == ErrorKind::protocol ? "protocol: "
                                                      : "other: ") +
               std::string(error.what());
    }
}

}  // namespace

TEST_CASE("JSON is read as publishers write it", "[json]") {
    struct Case {
        const char* why;
        std::string text;
        ParseOptions options;
        Texts isins;
        Texts names;
    };
    // clang-format off
    const auto row = GENERATE(values<Case>({
        {"objects in an array", R"([{"ISIN":"A","NAME":"x"},{"NAME":"y","ISIN":"B"}])", rows_at(""), {"A", "B"}, {"x", "y"}},
        {"below members", R"({"a":[{"ISIN":"C"}],"data":{"rows":[{"ISIN":"A","NAME":"x"}]}})", rows_at("data.rows"), {"A"}, {"x"}},
        {"below elements", R"([{"c":[0,{"v":[{"isin":"A","name":"x"}]}]}])", rows_at("0.c.1.v"), {"A"}, {"x"}},
        {"below any element", R"([{"v":[{"isin":"A"}]},{"w":[{"isin":"B"}],"v":[{"isin":"C"}]}])", rows_at("*.v"), {"A", "C"}, {"", ""}},
        {"by a JSON Pointer", R"({"a.b":{"c/d~":[{"ISIN":"A"}]}})", rows_at("/a.b/c~1d~0"), {"A"}, {""}},
        {"nested members", R"([{"attributes":{"ISIN":"C","name":{"NAME":"x"},"codes":["A","B"]}}])",
         {.columns = {{"isin", {"attributes.codes.0"}}, {"name", {"attributes.name.NAME"}}}}, {"A"}, {"x"}},
        {"names spelled otherwise", R"([{"isin_number":"A","name of-company":"x"}])", rows_at(""), {"A"}, {"x"}},
        {"the first name with a value", R"([{"NAME":"","NAME OF COMPANY":"x","ISIN":null,"ISIN NUMBER":"A"}])", rows_at(""), {"A"}, {"x"}},
        {"a member that is missing", R"([{"ISIN":"A","NAME":"x"},{"NAME":"y"},{"ISIN":"B"}])", rows_at(""), {"A", "", "B"}, {"x", "y", ""}},
        {"numbers, literals, null", R"([{"ISIN":"A","NAME":1.50},{"ISIN":"B","NAME":true},{"ISIN":"C","NAME":null},{"ISIN":7,"NAME":-12345678901234567890}])",
         rows_at(""), {"A", "B", "C", "7"}, {"1.50", "true", "", "-12345678901234567890"}},
        {"escapes", R"([{"ISIN":"A","NAME":"a\u00e9\ud83d\ude00\n\"\/"}])", rows_at(""), {"A"}, {"aé😀\n\"/"}},
        {"a byte order mark", "\xEF\xBB\xBF[{\"ISIN\":\"A\",\"NAME\":\"x\"}]", rows_at(""), {"A"}, {"x"}},
        {"blanks and lines", "\r\n [\n {\"ISIN\" :\t\"A\" , \"NAME\":\"x\"}\n ]\n\n", rows_at(""), {"A"}, {"x"}},
        {"arrays with names beside them", R"({"s":{"columns":["ISIN","NAME"],"data":[["A","x"],["B","y"]]}})", table_at("s.data", "s.columns"), {"A", "B"}, {"x", "y"}},
        {"names in objects", R"({"columns":[{"id":1,"n":"NAME"},{"id":2,"n":"ISIN"}],"values":[["x","A"]]})", table_at("values", "columns.*.n"), {"A"}, {"x"}},
        {"arrays whose first one names the columns", R"([["ISIN","NAME"],["A","x"]])", rows_at(""), {"A"}, {"x"}},
        {"arrays by place", R"([["x","US0378331005"],["y","B"]])", {.columns = {{"isin", {"#2"}}, {"name", {"#1"}}}}, {"US0378331005", "B"}, {"x", "y"}},
        {"arrays with containers in them", R"([["ISIN","C","NAME"],["A",["p",{"q":1}],"x"]])", rows_at(""), {"A"}, {"x"}},
        {"values alone", R"(["US0378331005","GB0002634946"])", {.columns = {{"isin", {"#1"}}}}, {"US0378331005", "GB0002634946"}, {"", ""}},
        {"no rows", R"({"rows":[]})", rows_at("rows"), {}, {}},
        {"null for rows", R"({"rows":null})", rows_at("rows"), {}, {}},
        {"empty rows", R"([{},[],{"ISIN":"A"}])", rows_at(""), {"A"}, {""}},
        {"a member twice", R"([{"ISIN":"A","ISIN":"B"}])", rows_at(""), {"A"}, {""}},
    }));
    // clang-format on
    CAPTURE(row.why);
    const Parsed parsed = parse("json", row.text, row.options);
    CHECK(parsed.isins() == row.isins);
    CHECK(names(parsed) == row.names);
    CHECK(parsed.summary.rows == row.isins.size());
    for (const std::size_t step : {1U, 5U}) {
        DrippingSource source(row.text, step);
        CHECK(parse("json", source, row.options).records == parsed.records);
    }
}

TEST_CASE("rows of JSON have a place and a text", "[json]") {
    const Parsed parsed =
        parse("json", "{\"d\":[\n{\"ISIN\":\"A\",\"n\":{\"NAME\":1}}]}", rows_at("d"));
    REQUIRE(parsed.records.size() == 1);
    CHECK(parsed.records[0].position.line == 2);
    CHECK(parsed.records[0].position.byte == 7);
    CHECK(parsed.records[0].text == "ISIN: A, n.NAME: 1");
}

TEST_CASE("JSON in UTF-16 is read, too", "[json]") {
    std::string text = "\xFF\xFE";
    for (const char letter : R"([{"ISIN":"A","NAME":"x"}])") {
        if (letter != '\0') {
            text += letter;
            text += '\0';
        }
    }
    const Parsed parsed = parse("json", text, rows_at(""));
    CHECK(parsed.isins() == Texts{"A"});
    CHECK(parsed.summary.encoding == "utf-16le");
}

TEST_CASE("an announced number of rows is compared", "[json]") {
    struct Case {
        const char* text;
        const char* incomplete;
        Texts warnings;
    };
    // clang-format off
    const auto row = GENERATE(values<Case>({
        {R"({"p":{"total":2},"rows":[{"ISIN":"A"},{"ISIN":"B"}]})", "", {}},
        {R"({"rows":[{"ISIN":"A"},{"ISIN":"B"}],"p":{"total":"2"}})", "", {}},
        {R"({"rows":[{"ISIN":"A"}],"p":{"total":"1,972"}})", "1972 rows are announced, the file has 1", {}},
        {R"({"rows":[{"ISIN":"A"}],"p":{"total":0}})", "0 rows are announced, the file has 1", {}},
        {R"({"rows":[{"ISIN":"A"}],"p":{}})", "", {"no number of rows at 'p.total'"}},
    }));
    // clang-format on
    CAPTURE(row.text);
    ParseOptions options = rows_at("rows");
    options.json.total = path("p.total");
    const Parsed parsed = parse("json", row.text, options);
    CHECK(parsed.summary.incomplete == row.incomplete);
    CHECK(parsed.summary.warnings == row.warnings);
}

TEST_CASE("JSON that cannot be trusted says why", "[json]") {
    struct Case {
        const char* why;
        std::string text;
        std::string failure;
    };
    // clang-format off
    const auto row = GENERATE(values<Case>({
        {"nothing", "", "protocol: the file is empty"},
        {"blanks", " \n", "data: line 2, byte 1: the JSON ends too early: it is incomplete"},
        {"HTML", "<!DOCTYPE html><title>Just a moment</title>",
         "protocol: HTML where JSON was expected: look whether the address is right; it begins with '<!DOCTYPE html><title>Just a moment</title>'"},
        {"CSV", "ISIN,NAME\n", "protocol: text where JSON was expected: set 'format: csv' if that is the list, or look whether the address is right; it begins with 'ISIN,NAME'"},
        {"a zip file", "PK\x03\x04xxxx", "protocol: a zip file where JSON was expected: look whether the address is right; it begins with 'PK\\x03\\x04xxxx'"},
        {"an error instead of rows", R"({"message":"Forbidden"})",
         "protocol: no rows at 'rows'; the file begins with '{\"message\":\"Forbidden\"}'"},
        {"an object instead of rows", R"({"rows":{"ISIN":"A"}})",
         "protocol: no rows at 'rows'; the file begins with '{\"rows\":{\"ISIN\":\"A\"}}'"},
        {"rows without an ISIN", R"({"rows":[{"a":1,"b":"x"}]})",
         "protocol: no member or column named 'ISIN', 'ISIN NUMBER' in the first 1 rows, which begin with 'a: 1, b: x'"},
        {"arrays without names", R"({"rows":[["a","b"],["A","x"]]})",
         "protocol: no member or column named 'ISIN', 'ISIN NUMBER' in the first 0 rows, which begin with 'a, b'"},
        {"cut in a text", R"({"rows":[{"ISIN":"A"},{"ISI)", "data: line 1, byte 26: the JSON ends too early: it is incomplete"},
        {"cut in a literal", R"({"rows":[{"ISIN":tr)", "data: line 1, byte 18: the JSON ends too early: it is incomplete"},
        {"cut behind a row", R"({"rows":[{"ISIN":"A"},)", "data: line 1, byte 21: the JSON ends too early: it is incomplete"},
        {"cut before its end", R"({"rows":[{"ISIN":"A"}])", "data: line 1, byte 21: the JSON ends too early: it is incomplete"},
        {"two documents", R"({"rows":[{"ISIN":"A"}]} {"rows":[]})",
         "data: line 1, byte 24: no JSON: unexpected '{'; expected end of input, at '\"A\"}]} {'"},
        {"a comma too many", R"({"rows":[{"ISIN":"A"},]})", "data: line 1, byte 22: no JSON: unexpected ']'; expected '[', '{', or a literal, at '\"A\"},]'"},
        {"a line break in a text", "{\"rows\":[{\"ISIN\":\"A\nB\"}]}",
         "data: line 2, byte 19: no JSON: invalid string: control character U+000A (LF) must be escaped to \\u000A or \\n, at '\"A<U+000A>'"},
        {"Latin-1", "{\"rows\":[{\"ISIN\":\"\xE9\"}]}",
         "data: line 1, byte 19: no JSON: invalid string: ill-formed UTF-8 byte, at '\"\\xE9\"'"},
        {"half a surrogate pair", R"({"rows":[{"ISIN":"\ud83d"}]})",
         "data: line 1, byte 24: no JSON: invalid string: surrogate U+D800..U+DBFF must be followed by U+DC00..U+DFFF, at '\"\\ud83d\"'"},
        {"a number beyond all", R"({"rows":[{"ISIN":1e999}]})", "data: line 1, byte 22: no JSON: number overflow parsing '1e999', at '1e999'"},
    }));
    // clang-format on
    CAPTURE(row.why);
    CHECK(failure(row.text, rows_at("rows")) == row.failure);
}

TEST_CASE("names of columns must be there, before the rows", "[json]") {
    const ParseOptions options = table_at("data", "columns");
    CHECK(failure(R"({"data":[["A","x"]],"columns":["ISIN","NAME"]})", options) ==
          "protocol: no column named 'ISIN', 'ISIN NUMBER' among those at 'columns', which are "
          "missing before the rows");
    CHECK(failure(R"({"columns":["a","b"],"data":[["A","x"]]})", options) ==
          "protocol: no column named 'ISIN', 'ISIN NUMBER' among those at 'columns', which are "
          "'a', 'b'");
}

TEST_CASE("JSON made to exhaust the reader ends in an error", "[json]") {
    ParseOptions options = rows_at("rows");
    options.max_record = 10'000;
    const std::string many(20'000, '[');
    CHECK(failure(many, options) ==
          "data: line 1, byte 64: more than 64 objects and arrays in each other");
    CHECK(failure(R"({"rows":[)" + many, options) ==
          "data: line 1, byte 71: more than 64 objects and arrays in each other");
    const std::string text = R"({"rows":[{"ISIN":"A","NAME":")";
    CHECK(failure(text + std::string(1'000'000, 'x'), options) ==
          "data: line 1, byte 27: a value of more than 10000 bytes");
    CHECK(failure(R"({")" + std::string(1'000'000, 'x'), options) ==
          "data: line 1, byte 1: a value of more than 10000 bytes");
    CHECK(failure("[" + std::string(1'000'000, ' '), options) ==
          "data: line 1, byte 1: a value of more than 10000 bytes");
    CHECK(failure("[" + std::string(1'000'000, '1'), options) ==
          "data: line 1, byte 1: a value of more than 10000 bytes");
    std::string wide = R"({"rows":[{"ISIN":"A")";
    for (int i = 0; i < 1'000'000; ++i) {
        wide += fmt::format(",\"{}\":{}", i, i);
    }
    CHECK(failure(wide, options) == "data: line 1, byte 9: a row of more than 10000 bytes");
    std::string columns = R"({"columns":[)";
    for (int i = 0; i < 5000; ++i) {
        columns += "\"name\",";
    }
    ParseOptions table = table_at("rows", "columns");
    table.max_record = 10'000;
    CHECK(failure(columns, table) == "data: names of columns of more than 10000 bytes");
    // Long names below each other cost no more than they are long.
    std::string deep = R"({"rows":[{"ISIN":"A",")" + std::string(4000, 'k') + R"(":[)";
    for (int i = 0; i < 2000; ++i) {
        deep += "1,";
    }
    CHECK(failure(deep + "1]}]}", options) == "incomplete: ");
}

TEST_CASE("paths are names and places", "[json]") {
    struct Case {
        const char* text;
        Texts steps;
        bool matches;
    };
    const auto row = GENERATE(values<Case>({
        {"", {}, true},
        {"", {"a"}, false},
        {"a.0.b", {"a", "0", "b"}, true},
        {"a.0.b", {"a", "0"}, false},
        {"a.*.b", {"a", "7", "b"}, true},
        {"/a/0/b", {"a", "0", "b"}, true},
        {"/a.b", {"a.b"}, true},
        {"/a~1b~0", {"a/b~"}, true},
    }));
    CAPTURE(row.text);
    CHECK(path(row.text).matches(row.steps) == row.matches);
    CHECK(path("a.*").matches_inside({"a", "b", "c"}));
    CHECK_FALSE(path("a.*").matches_inside({"a", "b"}));
}

TEST_CASE("a path with an empty part is none", "[json]") {
    const auto text = GENERATE("a..b", ".", "a.", ".a", "/", "/a/", "/a~", "/a~2");
    CAPTURE(text);
    CHECK_FALSE(JsonPath::parse(text));
}
