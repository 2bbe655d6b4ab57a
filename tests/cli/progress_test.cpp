#include "cli/progress.hpp"

#include "support/catch.hpp"

using namespace isinfetch;
using namespace isinfetch::cli;
using namespace std::chrono_literals;

TEST_CASE("a transfer is told in as few figures as say it", "[cli]") {
    constexpr std::uint64_t kKiB = 1024;
    constexpr std::uint64_t kMiB = 1024 * kKiB;
    struct Case {
        Transfer transfer;
        const char* text;
        const char* why;
    };
    const std::vector<Case> cases{
        {{.have = 1153434, .total = 1363149, .spent = 7600ms},
         "downloading 1.1 of 1.3 MiB, 148 KiB/s, 2 s left",
         "both in one unit"},
        {{.have = 0, .total = 500}, "downloading 0 of 500 bytes", "the beginning"},
        {{.have = 100 * kKiB, .total = kMiB, .spent = 500ms},
         "downloading 0.1 of 1.0 MiB",
         "too early for a speed"},
        {{.have = 3 * kMiB, .spent = 2s}, "downloading 3.0 MiB, 1.5 MiB/s", "nobody knows the end"},
        {{.have = kMiB, .total = kMiB, .spent = 2s},
         "downloading 1.0 of 1.0 MiB, 512 KiB/s",
         "nothing is left"},
        {{.have = 60 * kMiB, .resumed = 50 * kMiB, .total = 100 * kMiB, .spent = 10s},
         "downloading 60.0 of 100 MiB, 1.0 MiB/s, 40 s left",
         "what was there before took no time"},
        {{.have = 50 * kMiB, .resumed = 50 * kMiB, .total = 100 * kMiB, .spent = 10s},
         "downloading 50.0 of 100 MiB",
         "nor does it make a speed"},
        {{.have = kMiB, .total = 1024 * kMiB, .spent = 1s},
         "downloading 0.0 of 1.0 GiB, 1.0 MiB/s, 18 min left",
         "long waits in minutes"},
    };
    for (const Case& row : cases) {
        CAPTURE(row.why);
        CHECK(transfer_text(row.transfer) == row.text);
    }
}

TEST_CASE("every stage of the report has words of its own", "[cli]") {
    for (const char* stage : {"discover", "download", "parse", "merge"}) {
        CHECK(stage_text(stage) != stage);
    }
    CHECK(stage_text("waiting for another run") == "waiting for another run");
}
