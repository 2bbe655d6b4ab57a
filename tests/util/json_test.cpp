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

TEST_CASE("what must be escaped is found wherever it stands", "[json]") {
    for (const char special : {'"', '\\', '\n', '\x1F', '\x7F', '\xFF'}) {
        for (std::size_t size = 1; size < 20; ++size) {
            for (std::size_t at = 0; at < size; ++at) {
                std::string text(size, 'x');
                text[at] = special;
                INFO(static_cast<int>(special) << " at " << at << " of " << size);
                // JSON allows DEL as it is; all others are longer in their quotes.
                CHECK((json_quote(text).size() > size + 2) == (special != '\x7F'));
                CHECK(json_object({{"a", text}}) == R"({"a":)" + json_quote(text) + "}");
            }
        }
    }
    CHECK(json_quote(" ~azAZ09!#[]") == R"(" ~azAZ09!#[]")");
}

TEST_CASE("further columns are an object with sorted keys and no empty values", "[json]") {
    const std::string object = json_object({{"b", "2"}, {"a", "1"}, {"c", ""}});
    CHECK(object == R"({"a":"1","b":"2"})");
    CHECK(json_object({{"c", ""}}).empty());
    CHECK(json_pairs(object) ==
          std::vector<std::pair<std::string, std::string>>{{"a", "1"}, {"b", "2"}});
    CHECK(json_pairs("").empty());
    CHECK(json_object({{"b", "\n"}, {"a", "\xC3\xA9"}}) == "{\"a\":\"\xC3\xA9\",\"b\":\"\\n\"}");
    CHECK_THROWS_AS(json_pairs("[1]"), Error);
    CHECK_THROWS_AS(json_pairs("{\"a\":1}"), Error);
}
