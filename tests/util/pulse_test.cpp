#include "util/pulse.hpp"

#include "support/catch.hpp"

#include <optional>
#include <thread>

using namespace isinfetch;
using namespace std::chrono_literals;

TEST_CASE("a pulse tells silence from work and from rest", "[pulse]") {
    Pulse pulse;
    std::this_thread::sleep_for(5ms);
    const auto silence = pulse.silence();
    CHECK(silence >= 5ms);
    {
        const Pulse::Rest rest(pulse);
        const std::optional<Pulse::Rest> another(std::in_place, pulse);
        std::this_thread::sleep_for(5ms);
        CHECK(pulse.silence() == 0ms);
    }
    std::this_thread::sleep_for(5ms);
    const auto after_rest = pulse.silence();
    CHECK(after_rest >= 5ms);
    const auto before = Pulse::Clock::now();
    pulse.beat();
    const auto since_beat = pulse.silence();
    CHECK(since_beat <= Pulse::Clock::now() - before);
}
