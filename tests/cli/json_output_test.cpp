#include "cli/json_output.hpp"

#include "support/catch.hpp"
#include "util/json.hpp"

#include <sstream>

using namespace isinfetch;
using namespace isinfetch::cli;

TEST_CASE("an array that cannot be finished ends with what went wrong", "[cli]") {
    struct Case {
        const char* written;
        const char* end;
        const char* why;
    };
    const std::string error =
        R"({"error":{"kind":"io","exit_status":74,"message":"disk"},"exit_status":74})";
    const std::vector<Case> cases{
        {"", "", "nothing was begun"},
        {"[", "\nE]\n", "an array without an element"},
        {"[\n", "\nE]\n", "nor is a line end one"},
        {"[\n{\"a\":1}", ",\nE]\n", "an array with one"},
        {"[{\"a\":\"]\"}", ",\nE]\n", "a bracket in a text"},
        {"[{\"a\":\"\\\"]\"}", ",\nE]\n", "behind a quote in it"},
        {"[{\"a\":\"\\\\\"}", ",\nE]\n", "behind a backslash in it"},
        {"[[1]", ",\nE]\n", "an array in it"},
        {"[]\n", "", "a whole array"},
        {"{\"a\":[", "", "an object"},
        {"[{\"a\":", "", "half an element"},
        {"[]\n[1", ",\nE]\n", "the second of two"},
    };
    for (const Case& row : cases) {
        CAPTURE(row.why);
        std::ostringstream out;
        {
            JsonWatch watch(out);
            out << row.written;
            CHECK(watch.is_untouched() == std::string_view(row.written).empty());
            watch.close_array({ErrorKind::io, ExitCode::io_error, "disk"});
        }
        std::string expected = std::string(row.written) + row.end;
        if (const auto at = expected.find('E'); at != std::string::npos) {
            expected.replace(at, 1, error);
        }
        CHECK(out.str() == expected);
    }
}

TEST_CASE("letters one by one are watched as well", "[cli]") {
    std::ostringstream out;
    JsonWatch watch(out);
    for (const char letter : std::string_view("[1")) {
        out.put(letter);
    }
    watch.close_array({ErrorKind::temporary, ExitCode::temp_fail, "gone"});
    CHECK_THAT(out.str(), StartsWith("[1,\n{\"error\""));
}
