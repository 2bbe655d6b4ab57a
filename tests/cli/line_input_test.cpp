#include "cli/line_input.hpp"

#include "support/catch.hpp"
#include "support/temp_dir.hpp"
#include "util/error.hpp"

#include <algorithm>
#include <fstream>

using namespace isinfetch;
using namespace isinfetch::cli;

namespace {

/// Gives at most `step` bytes at once, as a pipe may.
class SlowSource final : public ByteSource {
public:
    SlowSource(std::string_view text, std::size_t step) : source_(text), step_(step) {}

    std::size_t read(std::span<char> buffer) override {
        return source_.read(buffer.first(std::min(step_, buffer.size())));
    }

private:
    StringSource source_;
    std::size_t step_;
};

/// "text@byte", with "+" behind what is too long.
std::vector<std::string> lines_of(std::string_view text, std::size_t limit, std::size_t step) {
    SlowSource source(text, step);
    LineReader reader(source, limit);
    std::vector<std::string> lines;
    Line line;
    while (reader.next(line)) {
        CHECK(line.number == lines.size() + 1);
        lines.push_back(std::string(line.text) + "@" + std::to_string(line.byte) +
                        (line.too_long ? "+" : ""));
    }
    CHECK_FALSE(reader.next(line));
    return lines;
}

}  // namespace

TEST_CASE("a text is split where its lines end", "[line-input]") {
    struct Case {
        std::string text;
        std::vector<std::string> lines;
        const char* why;
    };
    using namespace std::string_literals;
    const std::vector<Case> cases{
        {"", {}, "nothing"},
        {"\n", {"@0"}, "an empty line"},
        {"a", {"a@0"}, "the last line need not end"},
        {"a\nb\n", {"a@0", "b@2"}, "nothing is behind the last line feed"},
        {"a\n\nb", {"a@0", "@2", "b@3"}, "an empty line in the middle"},
        {"\r\n", {"@0"}, "an empty line of Windows"},
        {"a\r\nb\r\n", {"a@0", "b@3"}, "CR LF throughout"},
        {"a\r\nb\nc\r\n", {"a@0", "b@3", "c@5"}, "LF among CR LF"},
        {"a\nb\r\n", {"a@0", "b\r@2"}, "CR is text where the first line ends with LF"},
        {"a\r\nb\r", {"a@0", "b\r@3"}, "CR without LF is text"},
        {"a\r\nb\r\r\n", {"a@0", "b\r@3"}, "one CR belongs to the end"},
        {"a\rb\n", {"a\rb@0"}, "CR in a line is text"},
        {"\xEF\xBB\xBF"
         "a\n",
         {"a@3"},
         "a byte order mark"},
        {"\xEF\xBB\xBF", {}, "nothing but a byte order mark"},
        {"\xEF\xBB", {"\xEF\xBB@0"}, "half a byte order mark is text"},
        {"a\n\xEF\xBB\xBF"
         "b",
         {"a@0",
          "\xEF\xBB\xBF"
          "b@2"},
         "a byte order mark elsewhere is text"},
        {"a\0b\n\0"s, {"a\0b@0"s, "\0@4"s}, "NUL is text"},
        {"12345678\n9", {"12345678@0", "9@9"}, "as long as allowed"},
        {"12345678\r\n9", {"12345678@0", "9@10"}, "as long as allowed, CR LF"},
        {"12345678", {"12345678@0"}, "as long as allowed, without an end"},
        {"12345678\r", {"12345678@0+"}, "the CR is one too many"},
        {"123456789\n0", {"12345678@0+", "0@10"}, "longer by one"},
        {"123456789\r\n0\r\n", {"12345678@0+", "0@11"}, "too long, but its CR LF counts"},
        {"1234567890123\r\n0\r\n", {"12345678@0+", "0@15"}, "far too long, but its CR LF counts"},
        {"a\n1234567890123\nb\r\n", {"a@0", "12345678@2+", "b\r@16"}, "too long in the middle"},
        {"1234567890123", {"12345678@0+"}, "too long and without an end"},
    };
    for (const Case& row : cases) {
        for (const std::size_t step : {1U, 2U, 3U, 7U, 100U}) {
            CAPTURE(row.text, row.why, step);
            CHECK(lines_of(row.text, 8, step) == row.lines);
        }
    }
}

TEST_CASE("a line of many chunks is skipped, and its neighbours are whole", "[line-input]") {
    const std::string text = "first\n" + std::string(1'000'000, 'x') + "\nlast";
    const auto lines = lines_of(text, 10, 4096);
    CHECK(lines == std::vector<std::string>{"first@0", "xxxxxxxxxx@6+", "last@1000007"});
}

TEST_CASE("a reader says when it has given all that was read", "[line-input]") {
    SlowSource source("a\nb\nc", 4);
    LineReader reader(source, 8);
    Line line;
    CHECK(reader.drained());
    REQUIRE(reader.next(line));
    CHECK_FALSE(reader.drained());
    REQUIRE(reader.next(line));
    CHECK(reader.drained());
    REQUIRE(reader.next(line));
    CHECK(line.text == "c");
}

TEST_CASE("an input is a file by its name", "[line-input]") {
    const test::TempDir dir;
    std::ofstream(dir.path() / "list") << "a\nb";
    const auto source = open_input((dir.path() / "list").native());
    LineReader reader(*source, 8);
    Line line;
    REQUIRE(reader.next(line));
    CHECK(line.text == "a");
    CHECK_THROWS_AS(open_input((dir.path() / "none").native()), Error);
}
