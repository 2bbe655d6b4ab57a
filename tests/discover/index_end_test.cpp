// An index that never ends is left.
#include "discover/firds_files.hpp"
#include "support/catch.hpp"
#include "util/error.hpp"

#include <string>

using namespace isinfetch;

namespace {

const std::string kUrl = "https://a.org/select?apikey=hunter2";

IndexPage page_at(std::uint64_t from, std::uint64_t total) {
    return {.total = total, .documents = {{{"file_name", std::to_string(from)}}}};
}

Error failure(const std::function<IndexPage(std::uint64_t from)>& read) {
    try {
        read_pages(kUrl, read);
    } catch (const Error& error) {
        return error;
    }
    FAIL("succeeded");
    throw std::logic_error("not reached");
}

}  // namespace

TEST_CASE("an index without end is left", "[discover][index]") {
    int asked = 0;
    SECTION("of far too many documents, at once") {
        const Error error = failure([&](std::uint64_t from) {
            ++asked;
            return page_at(from, 1'000'000'000'000);
        });
        CHECK(error.kind() == ErrorKind::protocol);
        CHECK_THAT(error.what(), ContainsSubstring("1000000000000 documents announced"));
        CHECK_THAT(error.what(), !ContainsSubstring("hunter2"));
        CHECK(asked == 1);
    }
    SECTION("of a document a page") {
        const Error error = failure([&](std::uint64_t from) {
            ++asked;
            return page_at(from, 200'000);
        });
        CHECK(error.kind() == ErrorKind::protocol);
        CHECK(asked == 501);
    }
    SECTION("that gives the same page again") {
        const Error error = failure([&](std::uint64_t) {
            ++asked;
            return page_at(0, 1000);
        });
        CHECK(error.kind() == ErrorKind::protocol);
        CHECK_THAT(error.what(), ContainsSubstring("page 2 of the index is the same"));
        CHECK(asked == 2);
    }
}

TEST_CASE("an index of many pages is read to its end", "[discover][index]") {
    CHECK(read_pages(kUrl, [](std::uint64_t from) { return page_at(from, 400); }).size() == 400);
}
