#include "parse/header.hpp"

#include "parse/parsed.hpp"
#include "support/catch.hpp"
#include "util/error.hpp"

using namespace isinfetch;
using namespace isinfetch::test;

namespace {

using Texts = std::vector<std::string>;

/// "" or the message of what is refused as another format.
std::string failure(std::string_view text, const ParseOptions& options) {
    try {
        parse("csv", text, options);
    } catch (const Error& error) {
        CHECK(error.kind() == ErrorKind::protocol);
        return error.what();
    }
    return "";
}

ParseOptions columns(std::vector<Column> columns, char delimiter = 0) {
    return {.columns = std::move(columns), .delimiter = delimiter};
}

}  // namespace

TEST_CASE("two columns of one name are refused, unless one has it to the letter", "[header]") {
    const ParseOptions options = columns({{"isin", {"ISIN"}}, {"name", {"Name"}}});
    CHECK_THAT(failure("ISIN,ISIN,Name\nA,B,x\n", options),
               ContainsSubstring("two columns are named 'ISIN', columns 1 and 2: say which"));
    CHECK_THAT(failure("ISIN,NAME,name\nA,x,y\n", options), ContainsSubstring("columns 2 and 3"));
    CHECK(parse("csv", "isin,ISIN,Name\nA,B,x\n", options).isins() == Texts{"B"});
    CHECK(parse("csv", "ISIN,Lot,Lot\nA,1,2\n", options).isins() == Texts{"A"});
    const ParseOptions by_place = columns({{"isin", {"#2"}}, {"name", {"Name"}}, {"lot", {"Lot"}}});
    CHECK(parse("csv", "ISIN,ISIN,Name,Lot\nA,B,x,1\n", by_place).isins() == Texts{"B"});
}

TEST_CASE("a pattern that is like two columns is said", "[header]") {
    const ParseOptions options = columns({{"isin", {"*ISIN*"}}});
    CHECK_THAT(failure("ISIN a;ISIN b;ISIN c\n", options),
               StartsWith("'*ISIN*' matches 3 columns, 'ISIN a' and 'ISIN b' among them"));
    CHECK_THAT(failure("Name;Underlying ISIN;ISIN\nx;A;B\n", options),
               StartsWith("'*ISIN*' matches two columns, 'Underlying ISIN' and 'ISIN'"));
}

TEST_CASE("a place is a # and a number from 1 on, all else a name", "[header]") {
    struct Case {
        const char* name;
        const char* text;
        const char* why;
    };
    const auto row =
        GENERATE(values<Case>({{"#2", "x;y\nx;US0378331005\n", "a place"},
                               {"A1", "B;A1\nx;US0378331005\n", "no #"},
                               {"#2b", "B;#2b\nx;US0378331005\n", "more than a number"},
                               {"#0", "B;0\nx;US0378331005\n", "counted from 1"},
                               {"#99999999999999999999",
                                "B;99999999999999999999\nx;US0378331005\n",
                                "no number of a column"},
                               {"#", "B;#\nx;US0378331005\n", "no number"}}));
    CAPTURE(row.why);
    if (std::string_view(row.name) == "#") {
        CHECK_FALSE(failure(row.text, columns({{"isin", {row.name}}}, ';')).empty());
        return;
    }
    CHECK(parse("csv", row.text, columns({{"isin", {row.name}}}, ';')).isins() ==
          Texts{"US0378331005"});
}

TEST_CASE("a title is no header", "[header]") {
    const ParseOptions pattern = columns({{"isin", {"*ISIN*"}}, {"name", {"Name"}}}, ';');
    CHECK(parse("csv", "ISINs;23/11/2026\nNo;Name;ISIN code\n1;x;A\n", pattern).isins() ==
          Texts{"A"});
    CHECK(parse("csv", "ISINs;Name;of today\nA;x;\n", pattern).isins() == Texts{"A"});
    // By the places of columns, one name is a word of a title, two are a header.
    const ParseOptions place =
        columns({{"isin", {"ISIN", "#1"}}, {"name", {"Name"}}, {"lot", {"Lot"}}}, ';');
    const Parsed one = parse("csv", ";Name\nUS0378331005;x\n", place);
    REQUIRE(one.isins() == Texts{"US0378331005"});
    CHECK(one.records[0].name.empty());
    const Parsed two = parse("csv", ";Lot;Name\nA;1;x\n", place);
    REQUIRE(two.isins() == Texts{"A"});
    CHECK(two.records[0].name == "x");
}

TEST_CASE("a header that is not found has a likely cause", "[header]") {
    struct Case {
        const char* why;
        std::string text;
        char delimiter;
        Encoding encoding;
        const char* message;
    };
    // clang-format off
    const auto row = GENERATE(values<Case>({
        {"another delimiter", "Name,ISIN\nx,A\n", ';', Encoding::automatic, "csv.delimiter is ';', but line 1 has ','"},
        {"tabs, below a title", "List\n\nISIN\tName\nA\tx\n", ',', Encoding::automatic, "csv.delimiter is ',', but line 3 has tab"},
        {"another encoding", "\xCA\xEE\xE4 ISIN;\xC8\xEC\xFF\nA;x\n", ';', Encoding::windows_1252, "csv.encoding is windows-1252, but line 1 has it as windows-1251"},
        {"neither", "a;b\nc;d\n", ';', Encoding::automatic, "in the first 2 lines; the file begins with 'a;b'"},
    }));
    // clang-format on
    CAPTURE(row.why);
    ParseOptions options = columns({{"isin", {"ISIN", "Код ISIN"}}}, row.delimiter);
    options.encoding = row.encoding;
    CHECK_THAT(failure(row.text, options), ContainsSubstring(row.message));
}

TEST_CASE("a row is a record for each of its columns of ISINs", "[header]") {
    const ParseOptions options =
        columns({{"isin", {"ISIN", "ISIN 1"}}, {"isin", {"Other"}}, {"name", {"Name"}}});
    struct Case {
        const char* why;
        const char* text;
        Texts isins;
        Texts names;
    };
    // clang-format off
    const auto row = GENERATE(values<Case>({
        {"both", "ISIN;Other;Name\nA;B;x\nC;D;y\n", {"A", "B", "C", "D"}, {"x", "x", "y", "y"}},
        {"in another order", "Name;Other;ISIN 1\nx;B;A\n", {"A", "B"}, {"x", "x"}},
        {"empty cells", "ISIN;Other;Name\nA;;x\n;B;y\n;;z\n", {"A", "B"}, {"x", "y"}},
        {"cells that say none", "ISIN;Other;Name\nA;-;x\n", {"A", "-"}, {"x", "x"}},
        {"a short row", "ISIN;Name;Other\nA;x\n", {"A"}, {"x"}},
    }));
    // clang-format on
    CAPTURE(row.why);
    const Parsed parsed = parse("csv", row.text, options);
    CHECK(parsed.isins() == row.isins);
    Texts names;
    for (const auto& record : parsed.records) {
        names.push_back(record.name);
    }
    CHECK(names == row.names);
    CHECK_THAT(failure("ISIN;Name\nA;x\n", options), ContainsSubstring("no column named 'Other'"));
    CHECK(parse("csv", "ISIN;Name\nA;x\n", columns({{"isin", {"ISIN"}}, {"isin", {"isin"}}}))
              .isins() == Texts{"A"});
}

TEST_CASE("JSON, XML and web pages may have several ISINs in a row too", "[header]") {
    const ParseOptions options = columns({{"isin", {"a"}}, {"isin", {"b"}}});
    const Texts expected{"A", "B"};
    CHECK(parse("json", R"([{"a": "A", "b": "B"}, {"c": 1, "b": ""}])", options).isins().size() ==
          3);
    CHECK(parse("json", R"([{"b": "B", "a": "A"}])", options).isins() == expected);
    CHECK(parse("xml", "<l><r><a>A</a><b>B</b></r></l>", options).isins() == expected);
    CHECK(parse("html-table", "<table><tr><th>a<th>b<tr><td>A<td>B</table>", options).isins() ==
          expected);
}
