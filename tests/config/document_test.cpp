#include "config/document.hpp"

#include "support/catch.hpp"
#include "util/error.hpp"

using namespace isinfetch;

TEST_CASE("a document keeps texts as they are written", "[config]") {
    struct Case {
        const char* yaml;
        const char* text;
        const char* why;
    };
    const auto row = GENERATE(values<Case>({
        {"k: yes", "yes", "no word of YAML 1.1 becomes a truth value"},
        {"k: 0123", "0123", "no octal numbers"},
        {"k: 1e3", "1e3", "no floating point"},
        {"k: 2026-05-17", "2026-05-17", "no dates"},
        {"k: ''", "", "quoted nothing"},
        {"k:", "", "nothing"},
        {"k: ~", "", "null"},
        {"k: '~'", "~", "a quoted null is a text"},
        {"k: 'a # b'", "a # b", "quotes keep a comment sign"},
        {"k: a # b", "a", "a comment"},
        {"k: https://x.example/?a=b#c", "https://x.example/?a=b#c", "an address needs no quotes"},
        {"k: Börse", "Börse", "UTF-8"},
        {"k: \"\\x41\\u00e9\"", "Aé", "escapes of double quotes"},
        {"\xEF\xBB\xBFk: v", "v", "a byte order mark"},
        {"k: v\r\n", "v", "line ends of Windows"},
        {"k: >\n  a\n  b\n", "a b", "folded text"},
        {"---\nk: v\n...\n", "v", "marks of beginning and end"},
    }));
    CAPTURE(row.yaml, row.why);
    const Value root = parse_yaml(row.yaml, "x");
    REQUIRE(root.find("k") != nullptr);
    CHECK(root.find("k")->kind == Value::Kind::scalar);
    CHECK(root.find("k")->text == row.text);
}

TEST_CASE("a value remembers the line of its key, an item its own", "[config]") {
    const Value root = parse_yaml("# remark\na:\n  b:\n    - x\n    - y\nc: >\n  long\n", "f.yaml");
    CHECK(root.find("a")->origin == "f.yaml:2");
    CHECK(root.find("a")->find("b")->origin == "f.yaml:3");
    CHECK(root.find("a")->find("b")->items[1].origin == "f.yaml:5");
    CHECK(root.find("c")->origin == "f.yaml:6");
}

TEST_CASE("what is not plain YAML is refused with its line", "[config]") {
    struct Case {
        std::string yaml;
        const char* message;
    };
    const auto row = GENERATE(values<Case>({
        {"a: 1\nb:\n  c: 1\n  c: 2\n", "f:4: key 'c' is there already, in line 3"},
        {"a: 1\nb: {x: 1, x: 2}\n", "f:2: key 'x' is there already, in line 2"},
        {"a: 1\nb: &name x\n", "f:2: anchors"},
        {"a: 1\nb: !secret x\n", "f:2: tags"},
        {"a: &x {k: 1}\n", "f:1: anchors"},
        {"a: 1\n---\nb: 2\n", "f:2: only one document"},
        {"a: 1\n? [b]\n: c\n", "f:2: a key must be a single text"},
        {"a: \"open\n\n\n", "f:1: the quote (\") that begins here is not closed"},
        {"a: 'open\nb: 2\n# end\n", "f:1: the quote (') that begins here is not closed"},
        {"a: b: c\n", "f:1: "},
        {"a: [1, 2\n", "f:1: '[' is not closed"},
        {"a:\n  b: 1\n c: 2\n", "f:3: "},
        {"a: 1\n\tb: 2\n", "f:2: "},
        {"a: 1\nb: caf\xE9\n", "f:2: no UTF-8 text: 'b: caf\\xE9'"},
        {std::string("a: 1\n\nb: x\0y\n", 14), "f:3: no UTF-8 text"},
        {std::string(100'000, '['), "f:1: "},
        {std::string(100'000, '{'), "f:1: "},
    }));
    CAPTURE(row.yaml.substr(0, 100));
    try {
        parse_yaml(row.yaml, "f");
        FAIL("nothing was thrown");
    } catch (const Error& error) {
        CHECK(error.kind() == ErrorKind::config);
        CHECK_THAT(error.what(), StartsWith(row.message));
    }
}

TEST_CASE("layers merge mappings key by key and replace all else", "[config]") {
    struct Case {
        const char* lower;
        const char* upper;
        const char* key;
        const char* text;
        const char* why;
    };
    const auto row = GENERATE(values<Case>({
        {"m: {a: 1, b: 2}", "m: {b: 3}", "a", "1", "what the upper layer does not say stays"},
        {"m: {a: 1, b: 2}", "m: {b: 3}", "b", "3", "what it says wins"},
        {"m: {a: 1}", "m: {b: 3}", "b", "3", "new keys are added"},
        {"m: {a: 1}", "m:", "a", "1", "a key without a value takes nothing away"},
        {"m: {a: 1}", "m: ''", "a", "1", "nor does an empty text"},
        {"m: {a: 1}", "m: {a: }", "a", "", "a single value can be emptied"},
        {"m: 5", "m: {a: 1}", "a", "1", "a mapping replaces a single value"},
        {"m: [1, 2]", "m: {a: 1}", "a", "1", "and a list"},
    }));
    CAPTURE(row.lower, row.upper, row.why);
    Value tree = parse_yaml(row.lower, "lower");
    overlay(tree, parse_yaml(row.upper, "upper"));
    REQUIRE(tree.find("m")->find(row.key) != nullptr);
    CHECK(tree.find("m")->find(row.key)->text == row.text);
}

TEST_CASE("a list replaces a list", "[config]") {
    Value tree = parse_yaml("l: [a, b, c]", "lower");
    overlay(tree, parse_yaml("l: [d]", "upper"));
    REQUIRE(tree.find("l")->items.size() == 1);
    CHECK(tree.find("l")->items[0].text == "d");
    CHECK(tree.find("l")->origin == "upper:1");
}
