#include "store/copy_text.hpp"

#include "support/catch.hpp"

#include <array>

using namespace isinfetch;

TEST_CASE("rows are lines that COPY reads back", "[store]") {
    const std::array<std::string_view, 2> columns{"a", "b"};
    const std::array<Parameter, 6> values{
        "x\ty\\", Parameter{}, std::int64_t{-7}, "", "l\nm\r", "\xC3\xBC"};
    std::string text = "before\n";
    append_copy_text({.table = "t", .columns = columns, .values = values}, text);
    CHECK(text == "before\nx\\ty\\\\\t\\N\n-7\t\nl\\nm\\r\t\xC3\xBC\n");
}

TEST_CASE("what no server takes as text is replaced", "[store]") {
    struct Row {
        std::string text;
        std::string mended;  ///< empty: fine as it is
    };
    const auto row = GENERATE(values<Row>({
        {"plain", ""},
        {"", ""},
        {"\xC3\xBC", ""},
        {std::string("a\0b", 3),
         "a\xEF\xBF\xBD"
         "b"},
        {"a\xFF", "a\xEF\xBF\xBD"},
        {"\xC3", "\xEF\xBF\xBD"},
    }));
    std::string mended;
    CHECK(mend_text(row.text, mended) == !row.mended.empty());
    CHECK(mended == row.mended);
}
