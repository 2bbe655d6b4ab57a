#include "config/enable.hpp"

#include "support/catch.hpp"
#include "util/error.hpp"

#include <string>

using namespace isinfetch;

TEST_CASE("a source is enabled and nothing else changes", "[config][enable]") {
    struct Case {
        const char* before;
        const char* after;
    };
    // clang-format off
    const auto row = GENERATE(values<Case>({
        {"", "sources:\n  moex:\n    enabled: true\n"},
        {"# mine\njobs: 2", "# mine\njobs: 2\nsources:\n  moex:\n    enabled: true\n"},
        {"sources:\n  moex:\n    enabled: false  # not yet\n    every: 1h\n",
         "sources:\n  moex:\n    enabled: true  # not yet\n    every: 1h\n"},
        {"sources:\n  moex:\n    enabled: true\n", "sources:\n  moex:\n    enabled: true\n"},
        {"sources:\n  moex:\n    enabled:\n", "sources:\n  moex:\n    enabled: true\n"},
        {"sources:\n  moex:\n    # how often\n    every: 1h\n\n# end\n",
         "sources:\n  moex:\n    enabled: true\n    # how often\n    every: 1h\n\n# end\n"},
        {"sources:\n  moex:  # Moscow\n", "sources:\n  moex: {enabled: true}  # Moscow\n"},
        {"sources:\n  moex: {every: 1h}\n", "sources:\n  moex: {enabled: true, every: 1h}\n"},
        {"sources:\n  moex: {}\n", "sources:\n  moex: {enabled: true}\n"},
        {"sources:\n  moex: {enabled: no, every: 1h}  # x\n",
         "sources:\n  moex: {enabled: true, every: 1h}  # x\n"},
        {"sources: {spb: {enabled: false}, moex: {enabled: false}}\n",
         "sources: {spb: {enabled: false}, moex: {enabled: true}}\n"},
        {"sources: {spb: {every: 1h}, moex: {every: 2h}}\n",
         "sources: {spb: {every: 1h}, moex: {enabled: true, every: 2h}}\n"},
        {"sources:\n# others\n    spb: {every: 1h}\n",
         "sources:\n    moex: {enabled: true}\n# others\n    spb: {every: 1h}\n"},
        {"sources: {spb: {every: 1h}}\n", "sources: {moex: {enabled: true}, spb: {every: 1h}}\n"},
        {"sources:\njobs: 2\n", "sources: {moex: {enabled: true}}\njobs: 2\n"},
        {"sources:\n  moex: {title: 'enabled: false', enabled: false}\n",
         "sources:\n  moex: {title: 'enabled: false', enabled: true}\n"},
        {"jobs: 2\r\nsources:\r\n  moex:\r\n    enabled: false\r\n",
         "jobs: 2\r\nsources:\r\n  moex:\r\n    enabled: true\r\n"},
    }));
    // clang-format on
    CAPTURE(row.before);
    CHECK(with_source_enabled(row.before, "mine.yaml", "moex") == row.after);
    CHECK(with_source_enabled(row.after, "mine.yaml", "moex") == row.after);
}

TEST_CASE("what cannot be edited safely is left to people", "[config][enable]") {
    struct Case {
        const char* text;
        const char* message;
    };
    // clang-format off
    const auto row = GENERATE(values<Case>({
        {"{jobs: 2}\n", "mine.yaml: is laid out so that only a person can enable moex in it"},
        {"- a\n", "mine.yaml: expected 'key: value' pairs"},
        {"sources: [\n", "mine.yaml:"},
        {"sources: \"a\"\n", "mine.yaml: is laid out"},
    }));
    // clang-format on
    CAPTURE(row.text);
    try {
        with_source_enabled(row.text, "mine.yaml", "moex");
        FAIL("succeeded");
    } catch (const Error& error) {
        CHECK(error.kind() == ErrorKind::config);
        CHECK_THAT(error.what(), StartsWith(row.message));
    }
}
