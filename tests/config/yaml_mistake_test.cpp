#include "config/yaml_mistake.hpp"

#include "config/document.hpp"
#include "config/yaml_scan.hpp"
#include "support/catch.hpp"
#include "util/error.hpp"

using namespace isinfetch;

namespace {

std::string complaint_about(const std::string& yaml) {
    try {
        parse_yaml(yaml, "f");
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("a mistake in YAML is told by its usual cause, in the line where it is", "[config]") {
    struct Case {
        const char* yaml;
        const char* message;
    };
    // clang-format off
    const auto row = GENERATE(values<Case>({
        {"sources:\n\tx:\n\t\tenabled: true\n", "f:2: a tab indents this line: use blanks"},
        {"sources:\n  x:\n\tenabled: true\n", "f:3: a tab indents this line: use blanks"},
        {"sources:\n  x:\n    columns:\n\t  isin: A\n", "f:4: a tab indents this line: use blanks"},
        {"a:\n  b: 1\n \tc: 2\n", "f:3: a tab indents this line: use blanks"},
        {"title: Foo: the bar\n", "f:1: ': ' inside a text needs quotes: write title: \"Foo: the bar\""},
        {"a:\n  title: The \"x\": y\n", "f:2: ': ' inside a text needs quotes: write title: 'The \"x\": y'"},
        {"columns: {isin: #7, name: x}\njobs: 1\n", "f:1: '#' begins a comment here: write \"#7\""},
        {"columns:\n  isin: [ISIN,\n    #7]\njobs: 1\n", "f:3: '#' begins a comment here: write \"#7\""},
        {"a: [x, y\nb: 1\n", "f:1: '[' is not closed: ']' is missing"},
        {"b: 1\na: {x: {y: 1}\nc: 3\nd: 4\n", "f:2: '{' is not closed: '}' is missing"},
        {"a: [1,  # the first\n  2\n", "f:1: '[' is not closed: ']' is missing"},
        {"a: {x: y: z}\n", "f:1: inside {…} and […] a text with ': ' or ',' needs quotes"},
        {"b: 1\na: \"open\nc: 1\n", "f:2: the quote (\") that begins here is not closed"},
        {"a: 'open\n\n# end\n", "f:1: the quote (') that begins here is not closed"},
        {"a: 'it's'\n", "f:1: text follows the closing quote: a quote inside '…' is written ''"},
        {"a: \"x\nb: \"y\"\n", "f:1: the quote that begins here ends only in line 2: one is missing"},
        {"a: 'x\n---\ny'\n", "f:1: the quote that begins here is not closed before '---'"},
        {"a: }\n", "f:1: '}' closes nothing: a text that begins with it needs quotes"},
        {"a: [x,\n  y}\n", "f:2: '}' closes the '[' of line 1"},
        {"a: @x y\n", "f:1: a text that begins with '@' needs quotes: write \"@x y\""},
        {"a: `x`\n", "f:1: a text that begins with '`' needs quotes: write \"`x`\""},
        {"a: %Y\n", "f:1: a text that begins with '%' needs quotes: write \"%Y\""},
        {"link: */list.csv\n", "f:1: a text that begins with '*' needs quotes: write \"*/list.csv\""},
        {"a: {isin: [A, *ISIN*]}\n", "f:1: a text that begins with '*' needs quotes: write \"*ISIN*\""},
        {"a: & b\n", "f:1: a text that begins with '&' needs quotes: write \"& b\""},
        {"a: !!\n", "f:1: a text that begins with '!' needs quotes"},
        {"a: !<x y\n", "f:1: a text that begins with '!' needs quotes"},
        {"a: &name x\n", "f:1: anchors (&name) are not understood here: write the value out, or put"},
        {"a: !x y\n", "f:1: tags (!x) are not understood here: a text that begins with '!' needs quotes"},
        {"a: - x\n", "f:1: '- ' begins an item of a list, which needs a line of its own"},
        {"a: [- x]\n", "f:1: '- ' begins an item of a list"},
        {"a: ? b\n", "f:1: a text that begins with '? ' needs quotes"},
        {"a: 1\nenabled:true\nb: 2\n", "f:2: a blank is missing behind the colon: write 'enabled: true'"},
        {"a 1\nb: 2\n", "f:1: 'a 1' is no 'key: value': a colon is missing"},
        {"a: 1\n  b: 2\n", "f:2: this line is indented below line 1, which has its value already"},
        {"a:\n- x\n b: 1\n", "f:3: this line is indented below line 2"},
        {"a:\n  x: 1\n b: 2\n", "f:3: this line is indented like no line above it"},
        {"a:\n  - x\n  -y\n", "f:3: a blank is missing behind '-': write '- y'"},
        {"  a: 1\nb: 2\n", "f:2: only one document is allowed in a file: no '---' between two, and no line that is indented less"},
        {"a: \"C:\\dir\"\n", "f:1: inside \"…\" a '\\' begins an escape: write '\\\\', or put the text in '…'"},
        {"a: \"\\x4g\"\n", "f:1: inside \"…\" a '\\' begins an escape"},
        {"a: \"\\uD800\"\n", "f:1: inside \"…\" a '\\' begins an escape"},
        {"a: |x\n y\n", "f:1: behind '|' and '>' the line ends"},
        {"a: |0\n x\n", "f:1: behind '|' and '>' the line ends"},
        {"%YAML 3.0\n---\na: 1\n", "f:1: a line that begins with '%' is none of a configuration"},
        {"%YAML 1.2\n%YAML 1.2\n---\na: 1\n", "f:2: a line that begins with '%' is none of a configuration"},
        {"%TAG x\n---\na: 1\n", "f:1: a line that begins with '%' is none of a configuration"},
    }));
    // clang-format on
    CAPTURE(row.yaml);
    CHECK_THAT(complaint_about(row.yaml), StartsWith(row.message));
}

TEST_CASE("words of yaml-cpp that nobody knows are passed on", "[config]") {
    const YamlMistake mistake = explain_yaml("a: 1\n", {.line = 4, .column = 9, .message = "odd"});
    CHECK(mistake.line == 4);
    CHECK(mistake.text == "no YAML: odd");
}

TEST_CASE("a place outside the text does no harm", "[config]") {
    for (const char* message : {"illegal map value",
                                "end of map not found",
                                "end of map flow not found",
                                "illegal EOF in scalar",
                                "illegal document indicator in scalar",
                                "illegal flow end",
                                "unknown token"}) {
        for (const char* text : {"", "\n", "a", "a: b\n\n"}) {
            CAPTURE(message, text);
            const YamlMistake mistake =
                explain_yaml(text, {.line = 99, .column = 99, .message = message});
            CHECK_FALSE(mistake.text.empty());
        }
    }
}

TEST_CASE("quotes and brackets are counted only where they are indicators", "[config]") {
    struct Case {
        const char* yaml;
        std::size_t brackets;
        bool quote;
        const char* why;
    };
    const auto row = GENERATE(values<Case>({
        {"url: https://x.example/{n}.csv", 0, false, "a bracket inside a plain text"},
        {"a: it's {x", 0, false, "neither begins a value"},
        {"a: {x: 1", 1, false, "open"},
        {"a: [[x], {y: z}", 1, false, "those inside are closed"},
        {"a: '{'", 0, false, "in quotes"},
        {"a: \"\\\"", 0, true, "an escaped quote does not end"},
        {"a: 'it''s'", 0, false, "a doubled quote does not end"},
        {"# a: {", 0, false, "a remark"},
        {"a: x # {", 0, false, "a remark behind a value"},
        {"a: {b: x#y}", 0, false, "no blank before: no remark"},
        {"- {x", 1, false, "an item"},
        {"a-: [x]\nb:{", 0, false, "no blank behind the colon: a text"},
    }));
    CAPTURE(row.yaml, row.why);
    const YamlScan scan = scan_yaml(row.yaml);
    CHECK(scan.open_brackets.size() == row.brackets);
    CHECK(scan.open_quote.has_value() == row.quote);
}
