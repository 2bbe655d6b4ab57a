#include "util/json_number.hpp"

#include "support/catch.hpp"

#include <string>

using namespace isinfetch;

TEST_CASE("a number is found where it is said to be", "[json_number]") {
    struct Case {
        const char* text;
        const char* place;
        const char* found;  ///< empty: nothing
    };
    // clang-format off
    const auto row = GENERATE(values<Case>({
        {R"({"count": 7})",                               "count",      "7"},
        {R"({"count": "350123"})",                        "count",      "350123"},
        {R"({"a": {"count": 1}, "count": 7})",            "count",      "7"},
        {R"({"rows": [{"count": 1}], "count": 7})",       "count",      "7"},
        {R"({"data": {"page": {"total": 7}}})",           "data.page.total", "7"},
        {R"({"data": [{"total": 1}]})",                   "data.total", ""},
        {R"([{"total": 1}])",                             "total",      ""},
        {R"({"count": 7, "broken)",                       "count",      "7"},
        {R"({"count": 7.5})",                             "count",      ""},
        {R"({"count": -7})",                              "count",      ""},
        {R"({"count": "7 rows"})",                        "count",      ""},
        {R"({"count": ""})",                              "count",      ""},
        {R"({"count": null})",                            "count",      ""},
        {R"({"count": {"x": 1}})",                        "count",      ""},
        {"count: 7",                                      "count",      ""},
        {"7",                                             "count",      ""},
        {"",                                              "count",      ""},
    }));
    // clang-format on
    CAPTURE(row.text, row.place);
    const auto found = json_number(row.text, row.place);
    CHECK((found ? std::to_string(*found) : "") == row.found);
}
