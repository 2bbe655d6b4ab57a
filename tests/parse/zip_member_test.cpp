#include "parse/zip_member.hpp"

#include "support/catch.hpp"
#include "util/error.hpp"

using namespace isinfetch;

namespace {

/// The name that is chosen, or the kind of the failure.
std::string chosen(const std::vector<std::string>& names, const Member& wanted = {}) {
    try {
        return names.at(choose_member(names, wanted));
    } catch (const Error& error) {
        return "<" + std::string(name(error.kind())) + ">";
    }
}

}  // namespace

TEST_CASE("the list in an archive is told from what goes with it", "[open]") {
    struct Case {
        std::vector<std::string> names;
        Member wanted;
        const char* expected;
        const char* why;
    };
    // clang-format off
    const auto row = GENERATE(values<Case>({
        {{"a.csv"}, {}, "a.csv", "one file"},
        {{"README.txt"}, {}, "README.txt", "one file, whatever its name"},
        {{"README.txt", "a.csv"}, {}, "a.csv", "a readme"},
        {{"d/", "d/a.csv", "d/Licence.pdf"}, {}, "d/a.csv", "a folder and a licence"},
        {{"a.txt", "ReadMe.txt", "terms of use.txt"}, {}, "a.txt", "several of them"},
        {{".DS_Store", "__MACOSX/._a.csv", "a.csv"}, {}, "a.csv", "what macOS leaves"},
        {{"a.xsd", "a.xml"}, {}, "a.xml", "a schema"},
        {{"a.md5", "a.csv"}, {}, "a.csv", "a digest"},
        {{"notes.txt", "a.csv"}, {}, "<protocol>", "two that may be the list"},
        {{"notes.txt", "a.csv"}, {.format = "csv"}, "a.csv", "the ending of the format decides"},
        {{"b.txt", "a.xls"}, {.format = "csv"}, "b.txt", "the next best one"},
        {{"a.csv", "b.csv", "c.txt"}, {.format = "csv"}, "<protocol>", "two of that ending"},
        {{"a.xml", "b.XML"}, {.format = "firds"}, "<protocol>", "whatever the case of letters"},
        {{"a.csv", "b.csv"}, {.pattern = "b*"}, "b.csv", "named"},
        {{"x/a.csv", "y/b.csv"}, {.pattern = "x/*"}, "x/a.csv", "by its folder"},
        {{"x/a.csv", "y/b.csv"}, {.pattern = "B.CSV"}, "y/b.csv", "by its last part"},
        {{"readme.txt", "a.csv"}, {.pattern = "*.txt"}, "readme.txt", "what is named may be a readme"},
        {{"a.csv", "b.csv"}, {.pattern = "*.csv"}, "<protocol>", "two are like the pattern"},
        {{"a.csv"}, {.pattern = "b*"}, "<protocol>", "none is like the pattern"},
        {{"d/", "__MACOSX/._a"}, {}, "<data>", "no file"},
        {{}, {}, "<data>", "nothing"},
    }));
    // clang-format on
    CAPTURE(row.why);
    CHECK(chosen(row.names, row.wanted) == row.expected);
}
