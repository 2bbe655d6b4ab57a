#include "parse/parsed.hpp"
#include "support/catch.hpp"
#include "util/error.hpp"

using namespace isinfetch;
using namespace isinfetch::test;

TEST_CASE("a list of lines has one ISIN on each", "[lines]") {
    const Parsed parsed = parse("lines", "\xEF\xBB\xBF# comment\n A \r\n\nB\nC D");
    CHECK(parsed.isins() == std::vector<std::string>{"A", "B", "C D"});
    CHECK(parsed.summary.rows == 3);
    CHECK_FALSE(parsed.summary.line_end);
    CHECK(parsed.records[0].position.line == 2);
    CHECK(parsed.records[2].position.line == 5);
    CHECK(parsed.records[2].position.byte == 21);
}

TEST_CASE("quotes and delimiters mean nothing in a list of lines", "[lines]") {
    CHECK(parse("lines", "\"A\nB,C\n").isins() == std::vector<std::string>{"\"A", "B,C"});
}

TEST_CASE("HTML and empty files are no lists of lines", "[lines]") {
    CHECK_THROWS_WITH(parse("lines", "<html></html>"), ContainsSubstring("HTML"));
    CHECK_THROWS_WITH(parse("lines", ""), ContainsSubstring("empty"));
    CHECK(parse("lines", "# nothing today\n").summary.rows == 0);
}

TEST_CASE("lines may end with CR alone, and be texts for spreadsheets", "[lines]") {
    CHECK(parse("lines", "A\rB\r").isins() == std::vector<std::string>{"A", "B"});
    CHECK(parse("lines", "A\n'B\nC\n\x1A").isins() == std::vector<std::string>{"A", "B", "C"});
    CHECK(parse("lines", "A\r\r\nB\r").isins() == std::vector<std::string>{"A", "B"});
}

TEST_CASE("the table of formats finds by name", "[lines]") {
    CHECK(find_format("csv") != nullptr);
    CHECK(find_format("cvs") == nullptr);
    CHECK(std::is_sorted(formats().begin(), formats().end(), [](const auto& a, const auto& b) {
        return a.name < b.name;
    }));
}
