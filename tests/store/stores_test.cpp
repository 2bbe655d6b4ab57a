#include "store/store.hpp"
#include "store_fixture.hpp"
#include "support/catch.hpp"
#include "util/error.hpp"

using namespace isinfetch;
using namespace isinfetch::test;

TEST_CASE("an unknown store is a mistake in the configuration", "[store]") {
    const std::string location =
        GENERATE("", "isinfetch.db", "/var/lib/x.db", "mysql:x", "sqlite:");
    CAPTURE(location);
    try {
        open_store({.location = location});
        FAIL("it was opened");
    } catch (const Error& error) {
        CHECK(error.kind() == ErrorKind::config);
        CHECK_THAT(error.what(), ContainsSubstring("sqlite:PATH"));
        CHECK_THAT(error.what(), ContainsSubstring("postgresql:"));
    }
}

TEST_CASE("every backend says what it is", "[store]") {
    REQUIRE_FALSE(backends().empty());
    for (const Backend& backend : backends()) {
        CHECK_FALSE(backend.name.empty());
        CHECK_FALSE(backend.summary.empty());
        CHECK(backend.open != nullptr);
    }
}

TEST_CASE("a path may contain colons and blanks", "[store]") {
    const TempDir directory;
    const auto path = directory / "a: b?.db";
    open_store({.location = "sqlite:" + path.string()});
    CHECK(std::filesystem::exists(path));
}
