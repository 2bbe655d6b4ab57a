#include "util/handover.hpp"

#include "support/catch.hpp"

#include <stdexcept>
#include <thread>

namespace isinfetch {
namespace {

TEST_CASE("things arrive in the order in which they were given", "[handover]") {
    Handover<int> ring(2);
    std::jthread giver([&] {
        for (int i = 0; i < 1000; ++i) {
            *ring.to_fill() = i;
            ring.give();
        }
        ring.end();
    });
    int expected = 0;
    while (const int* number = ring.to_empty()) {
        REQUIRE(*number == expected++);
        ring.give_back();
    }
    CHECK(expected == 1000);
}

TEST_CASE("a failure comes after what was given before it", "[handover]") {
    Handover<int> ring(2);
    ring.to_fill();
    ring.give();
    ring.end(std::make_exception_ptr(std::runtime_error("no more")));
    CHECK(ring.to_empty() != nullptr);
    ring.give_back();
    CHECK_THROWS_AS(ring.to_empty(), std::runtime_error);
    CHECK_THROWS_AS(ring.to_empty(), std::runtime_error);
}

TEST_CASE("who waits is set free when the other one stops", "[handover]") {
    Handover<int> full(1);
    full.to_fill();
    full.give();
    Handover<int> empty(1);
    int* taken = nullptr;
    int* given = nullptr;
    {
        const std::jthread giver([&] { given = full.to_fill(); });
        const std::jthread taker([&] { taken = empty.to_empty(); });
        full.stop();
        empty.stop();
    }
    CHECK(given == nullptr);
    CHECK(taken == nullptr);
}

}  // namespace
}  // namespace isinfetch
