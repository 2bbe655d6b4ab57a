#include "util/json.hpp"

#include "support/catch.hpp"
#include "util/error.hpp"

#include <sstream>

using namespace isinfetch;

TEST_CASE("JSON is written piece by piece with its commas", "[json]") {
    std::ostringstream out;
    JsonWriter json(out);
    json.begin_object().field("a", "x").field("b", std::int64_t{2}).field("empty", "");
    json.key("list").begin_array().text("1").number(2).null().boolean(true);
    json.begin_object().end_object().end_array().flag("f", false).end_object();
    CHECK(out.str() == R"({"a":"x","b":2,"empty":null,"list":["1",2,null,true,{}],"f":false})");
}

TEST_CASE("text in JSON is escaped and always UTF-8", "[json]") {
    CHECK(json_quote("a\"b\\c\n") == R"("a\"b\\c\n")");
    CHECK(json_quote("\x01") == R"("\u0001")");
    CHECK(json_quote("\xFF") == "\"\xEF\xBF\xBD\"");
}

TEST_CASE("further columns are an object with sorted keys and no empty values", "[json]") {
    const std::string object = json_object({{"b", "2"}, {"a", "1"}, {"c", ""}});
    CHECK(object == R"({"a":"1","b":"2"})");
    CHECK(json_object({{"c", ""}}).empty());
    CHECK(json_pairs(object) ==
          std::vector<std::pair<std::string, std::string>>{{"a", "1"}, {"b", "2"}});
    CHECK(json_pairs("").empty());
    CHECK_THROWS_AS(json_pairs("[1]"), Error);
    CHECK_THROWS_AS(json_pairs("{\"a\":1}"), Error);
}
