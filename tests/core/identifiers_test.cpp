#include "core/identifiers.hpp"

#include "support/catch.hpp"

#include <set>

using namespace isinfetch;

TEST_CASE("every identifier is named once and refuses what is no text of it", "[identifiers]") {
    std::set<std::string_view> names;
    for (const Identifier& identifier : identifiers()) {
        CAPTURE(identifier.name);
        CHECK(names.insert(identifier.name).second);
        CHECK_FALSE(identifier.noun.empty());
        CHECK_FALSE(identifier.title.empty());
        CHECK_FALSE(identifier.source.empty());
        CHECK(find_identifier(identifier.name) == &identifier);
        CHECK_FALSE(identifier.inspect("").good());
        CHECK_FALSE(identifier.inspect("\n").good());
        CHECK_FALSE(identifier.inspect(std::string_view("\0\0\0\0\0\0\0\0\0", 9)).good());
    }
    CHECK(find_identifier("cusip")->inspect("037833100").good());
    CHECK(find_identifier("nonsense") == nullptr);
}
