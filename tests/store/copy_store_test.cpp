#include "store/copy_store.hpp"

#include "store/schema.hpp"
#include "store_fixture.hpp"
#include "support/catch.hpp"
#include "util/error.hpp"

using namespace isinfetch;
using namespace isinfetch::test;

namespace {

/// A store with some history, and others to copy it to.
struct CopyFixture : StoreFixture {
    TempDir second;
    std::string file = "sqlite:" + (second / "copy.db").string();

    CopyFixture() {
        Listing listing = make_listing(isin_of(1), "", "N\xC3\xA4me\t\\N '\"");
        listing.other = R"({"a":"="})";
        publish({listing, make_listing(isin_of(2), "A", "=")});
        publish({make_listing(isin_of(2), "A", "new"), make_listing(isin_of(3), "B")});
        std::vector<Listing> many;
        for (int number = 0; number < 1500; ++number) {
            many.push_back(make_listing(isin_of(number), "X"));
        }
        publish(many, "many");
    }

    static std::vector<CopiedTable> copy(const std::string& from, const std::string& to) {
        return copy_store({.location = from}, {.location = to}, [](std::string_view) {});
    }
};

void check_equal(const std::vector<CopiedTable>& left, const std::vector<CopiedTable>& right) {
    REQUIRE(left.size() == right.size());
    for (std::size_t i = 0; i < left.size(); ++i) {
        CAPTURE(left[i].name);
        CHECK(left[i].rows == right[i].rows);
        CHECK(left[i].sha256 == right[i].sha256);
    }
}

}  // namespace

TEST_CASE_METHOD(CopyFixture, "a store moves to another backend and back", "[store][contract]") {
    const auto there = copy(place.location(), file);
    CHECK(there.size() == table_names().size());
    const auto listings = std::ranges::find(there, "listing", &CopiedTable::name);
    REQUIRE(listings != there.end());
    CHECK(listings->rows == static_cast<std::uint64_t>(count("listing")));
    const TempDir third;
    const TestStore other(third);
    check_equal(copy(file, other.location()), there);
    const auto before = keys({.all_versions = true});
    store = open_store({.location = other.location()});
    CHECK(keys({.all_versions = true}) == before);
    CHECK(count("listing WHERE other IS NULL AND venue = ''") == 0);
    CHECK(count("listing WHERE other IS NOT NULL AND name LIKE '%\\N%'") == 1);
    // New keys come after those that were copied.
    CHECK(publish({make_listing(isin_of(2), "A", "newer")}).changed == 1);
}

TEST_CASE_METHOD(CopyFixture, "only an empty store is copied into", "[store][contract]") {
    copy(place.location(), file);
    CHECK_THROWS_WITH(copy(place.location(), file), ContainsSubstring("not empty: table source"));
}

TEST_CASE_METHOD(StoreFixture, "every table is copied", "[store][sqlite]") {
    const auto tables = store->query(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'schema_info'"
        " AND name NOT LIKE 'sqlite_%' ORDER BY name",
        {});
    std::vector<std::string> found;
    while (tables->next()) {
        found.emplace_back(tables->text(0));
    }
    std::vector<std::string> known(table_names().begin(), table_names().end());
    std::ranges::sort(known);
    CHECK(known == found);
}
