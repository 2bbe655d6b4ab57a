#include "parse/read_ahead.hpp"

#include "support/catch.hpp"
#include "util/error.hpp"

#include <array>
#include <atomic>
#include <stdexcept>
#include <string>

using namespace isinfetch;

namespace {

/// So many bytes, seven at most at a time, then the end or a failure.
class CountedSource final : public ByteSource {
public:
    CountedSource(std::size_t bytes, bool fails, std::atomic<std::size_t>* given = nullptr)
        : bytes_(bytes), fails_(fails), given_(given) {}

    std::size_t read(std::span<char> buffer) override {
        const std::size_t count = std::min({buffer.size(), bytes_ - at_, std::size_t{7}});
        if (count == 0 && fails_) {
            fail(ErrorKind::data, "damaged");
        }
        for (std::size_t i = 0; i < count; ++i) {
            buffer[i] = static_cast<char>('a' + at_++ % 26);
        }
        if (given_ != nullptr) {
            *given_ = at_;
        }
        return count;
    }

private:
    std::size_t bytes_;
    bool fails_;
    std::atomic<std::size_t>* given_;
    std::size_t at_ = 0;
};

std::string text_of(std::size_t size) {
    std::string text;
    while (text.size() < size) {
        text += static_cast<char>('a' + text.size() % 26);
    }
    return text;
}

/// Reads on until the source ends or fails.
std::string read_all(ByteSource& source, std::size_t step) {
    std::string text;
    std::array<char, 100> buffer{};
    try {
        while (const std::size_t count = source.read(std::span(buffer).first(step))) {
            text.append(buffer.data(), count);
        }
    } catch (const Error& error) {
        text += std::string("<") + error.what() + ">";
    }
    return text;
}

}  // namespace

TEST_CASE("reading ahead changes nothing in what is read", "[read_ahead]") {
    for (const std::size_t size : {0U, 1U, 9U, 10U, 11U, 30U, 1000U}) {
        for (const std::size_t step : {1U, 10U, 64U, 100U}) {
            for (const bool fails : {false, true}) {
                CAPTURE(size, step, fails);
                ReadAhead ahead(std::make_unique<CountedSource>(size, fails), {10, 3});
                const std::string end = fails ? "<damaged>" : "";
                CHECK(read_all(ahead, step) == text_of(size) + end);
                CHECK(read_all(ahead, step) == end);
            }
        }
    }
}

TEST_CASE("no more is read ahead than was asked for", "[read_ahead]") {
    std::atomic<std::size_t> given{0};
    {
        ReadAhead ahead(std::make_unique<CountedSource>(1000, false, &given), {10, 3});
        std::array<char, 5> buffer{};
        CHECK(ahead.read(buffer) == 5);
    }
    CHECK(given <= 30);
}

TEST_CASE("a reader that stops early stops the thread", "[read_ahead]") {
    for (std::size_t steps = 0; steps < 50; ++steps) {
        ReadAhead ahead(std::make_unique<CountedSource>(10'000, steps % 2 == 0), {10, 2});
        std::array<char, 5> buffer{};
        for (std::size_t i = 0; i < steps; ++i) {
            CHECK(ahead.read(buffer) > 0);
        }
    }
}
