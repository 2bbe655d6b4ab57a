#include "store/row_weight.hpp"

#include "store/staged_ahead.hpp"
#include "store/staging.hpp"
#include "store_fixture.hpp"
#include "support/catch.hpp"
#include "support/temp_dir.hpp"

#include <string>

using namespace isinfetch;
using namespace isinfetch::test;

TEST_CASE("as many rows are asked for as make a page", "[store]") {
    RowsAtOnce rows(4000);
    CHECK(rows.get() == 64);
    SECTION("short ones: more and more, up to a limit") {
        for (const std::size_t expected : {256U, 1024U, 4000U, 4000U}) {
            rows.learn(rows.get(), rows.get() * 100);
            CHECK(rows.get() == expected);
        }
    }
    SECTION("long ones: few") {
        rows.learn(64, 64 * kPageBytes / 10);
        CHECK(rows.get() == 10);
    }
    SECTION("longer than a page: one") {
        rows.learn(64, 64 * 3 * kPageBytes);
        CHECK(rows.get() == 1);
        rows.learn(1, 100);
        CHECK(rows.get() == 4);
    }
    SECTION("none say nothing") {
        rows.learn(0, 0);
        CHECK(rows.get() == 64);
    }
    SECTION("the limit holds from the beginning") {
        CHECK(RowsAtOnce(10).get() == 10);
    }
}

TEST_CASE("a long text leaves no room behind", "[store]") {
    Listing listing;
    listing[Field::name] = std::string(1'000, 'x');
    give_back_if_large(listing);
    CHECK(listing[Field::name].size() == 1'000);
    listing.other = std::string(100'000, 'x');
    CHECK(memory_of(listing) > 100'000);
    give_back_if_large(listing);
    CHECK(memory_of(listing) < 1'000);
    Version version;
    version.as_read = std::string(100'000, 'x');
    give_back_if_large(version);
    CHECK(memory_of(version) < 1'000);
}

TEST_CASE("long and short rows are handed on alike", "[store]") {
    const TempDir directory;
    Staging staging(directory.path(), 1'000'000);
    constexpr int kRows = 600;
    for (int i = 0; i < kRows; ++i) {
        Listing listing;
        listing[Field::isin] = isin_of(i);
        listing[Field::name] = std::string(i % 7 == 0 ? 300'000 : 10, 'x');
        staging.add(listing, {});
    }
    staging.sort();
    StagedAhead ahead(staging);
    std::vector<std::string> isins;
    std::size_t bytes = 0;
    for (Listing listing; ahead.next(listing);) {
        isins.push_back(listing.isin());
        bytes += listing[Field::name].size();
    }
    CHECK(isins.size() == kRows);
    CHECK(std::is_sorted(isins.begin(), isins.end()));
    CHECK(bytes == 86U * 300'000 + 514U * 10);
}
