#include "util/process.hpp"

#include "support/catch.hpp"
#include "util/error.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

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

TEST_CASE("a program that has said everything and does not end is ended too", "[util]") {
    const auto begin = std::chrono::steady_clock::now();
    CHECK_FALSE(output_of({"sh", "-c", "echo done; exec >&-; exec sleep 100"},
                          std::chrono::milliseconds(300)));
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(50));
    CHECK(output_of({"sh", "-c", "echo done; exec >&-; sleep 0.1"}, std::chrono::seconds(60)) ==
          "done\n");
}

TEST_CASE("a process that cannot be had is the system's refusal", "[util]") {
    struct rlimit before {};
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
    const rlimit none{.rlim_cur = 0, .rlim_max = before.rlim_max};
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &none) == 0);
    // Looked at once there are descriptors again, because the sanitizer needs one to look at it.
    std::exception_ptr trouble;
    try {
        output_of({"true"}, std::chrono::seconds(20));
    } catch (...) {
        trouble = std::current_exception();
    }
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &before) == 0);
    REQUIRE(trouble);
    std::string text;
    try {
        std::rethrow_exception(trouble);
    } catch (const Error& error) {
        text = fmt::format("{}: {}", name(error.kind()), error.what());
    }
    CHECK(text == "os: true: no pipe: Too many open files");
}
