#include "parse/shared_texts.hpp"

#include "support/catch.hpp"
#include "util/error.hpp"

#include <random>
#include <string>
#include <vector>

using namespace isinfetch;

TEST_CASE("shared texts are found again, in however many blocks they lie", "[parse]") {
    std::mt19937 dice(42);
    std::vector<std::string> expected;
    SharedTexts texts({.bytes = 40'000'000, .text = 1'000'000});
    std::vector<std::string_view> early;
    for (int i = 0; i < 3'000; ++i) {
        const std::size_t longest = i % 500 == 0 ? 900'000 : 3'000;
        expected.emplace_back(dice() % 3 == 0 ? 0 : dice() % longest,
                              static_cast<char>('a' + i % 26));
        texts.add(expected.back());
        early.push_back(*texts.find(static_cast<std::uint64_t>(i)));
    }
    REQUIRE(texts.size() == expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
        CHECK(texts.find(i) == std::string_view(expected[i]));
        CHECK(early[i] == expected[i]);
    }
    CHECK_FALSE(texts.find(expected.size()));
}

TEST_CASE("shared texts never take more than their limit", "[parse]") {
    SharedTexts texts({.bytes = 10'000'000, .text = 1'000'000});
    const std::string text(100'000, 'x');
    CHECK_NOTHROW([&] {
        for (int i = 0; i < 75; ++i) {
            texts.add(text);
        }
    }());
    CHECK_THROWS_AS(
        [&] {
            for (int i = 0; i < 100; ++i) {
                texts.add(text);
            }
        }(),
        Error);
    CHECK(texts.size() < 101);
}
