#include "util/process.hpp"

#include "support/catch.hpp"

using namespace isinfetch;

TEST_CASE("what another program says", "[util]") {
    constexpr std::chrono::seconds kPatience{20};
    CHECK(output_of({"printf", "%s", "a $HOME; b"}, kPatience) == "a $HOME; b");
    CHECK(output_of({"true"}, kPatience) == "");
    CHECK_FALSE(output_of({"false"}, kPatience));
    CHECK_FALSE(output_of({"no-such-program-anywhere"}, kPatience));
}

TEST_CASE("a program that does not end is ended", "[util]") {
    CHECK_FALSE(output_of({"sleep", "100"}, std::chrono::milliseconds(50)));
    CHECK_FALSE(output_of({"yes"}, std::chrono::seconds(60)));  // more than anybody asked for
}
