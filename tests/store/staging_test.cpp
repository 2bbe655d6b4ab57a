#include "store/staging.hpp"

#include "store/packed_listing.hpp"
#include "store_fixture.hpp"
#include "support/catch.hpp"
#include "util/error.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <random>

using namespace isinfetch;
using namespace isinfetch::test;

namespace {

std::string random_text(std::mt19937& dice, std::size_t longest) {
    std::string text(dice() % (longest + 1), ' ');
    for (char& c : text) {
        c = static_cast<char>(dice() % 256);
    }
    return text;
}

/// Few ISINs and venues, so that keys repeat; fields of any bytes and, now and then, of any length.
std::vector<Listing> random_listings(unsigned seed, std::size_t count) {
    std::mt19937 dice(seed);
    std::vector<Listing> listings(count);
    std::size_t number = 0;
    for (Listing& listing : listings) {
        listing[Field::isin] = isin_of(static_cast<int>(dice() % (count / 2 + 1)));
        listing[Field::isin][0] = "AUZ"[dice() % 3];
        listing[Field::venue] = random_text(dice, 2);
        listing[Field::name] = random_text(dice, dice() % 50 == 0 ? 9000 : 40);
        listing[Field::lei] = random_text(dice, 20);
        listing.other = fmt::format("{{\"n\":\"{}\"}}", number++);
    }
    return listings;
}

std::vector<Listing> drain(Staging& staging) {
    std::vector<Listing> listings;
    for (Listing listing; staging.next(listing);) {
        listings.push_back(listing);
    }
    return listings;
}

std::vector<Listing> sorted(std::vector<Listing> listings) {
    std::stable_sort(listings.begin(), listings.end(), [](const auto& left, const auto& right) {
        return std::pair(left.isin(), left.venue()) < std::pair(right.isin(), right.venue());
    });
    return listings;
}

/// No file may grow beyond so many bytes while it lives: as on a disk that becomes full.
class FileLimit {
public:
    explicit FileLimit(rlim_t bytes) : ignored_(std::signal(SIGXFSZ, SIG_IGN)) {
        getrlimit(RLIMIT_FSIZE, &usual_);
        const rlimit limit{.rlim_cur = bytes, .rlim_max = usual_.rlim_max};
        setrlimit(RLIMIT_FSIZE, &limit);
    }
    FileLimit(const FileLimit&) = delete;
    FileLimit& operator=(const FileLimit&) = delete;
    ~FileLimit() {
        setrlimit(RLIMIT_FSIZE, &usual_);
        std::signal(SIGXFSZ, ignored_);
    }

private:
    void (*ignored_)(int);
    rlimit usual_{};
};

}  // namespace

TEST_CASE("a packed listing comes back as it was", "[store][staging]") {
    std::string bytes;
    ColumnNumbers names;
    auto listings = random_listings(7, 50);
    for (std::size_t i = 0; i < listings.size(); ++i) {
        Columns others{{"lot", "5"}, {"empty", ""}, {"face", "\""}, {"group", "A"}};
        std::rotate(
            others.begin(), others.begin() + static_cast<std::ptrdiff_t>(i % 4), others.end());
        others.resize(i % 5);
        listings[i].other.clear();
        pack(listings[i], others, names, bytes);
        listings[i].other = json_object(others);
    }
    std::string_view rest = bytes;
    Listing listing;
    for (const Listing& expected : listings) {
        REQUIRE(packed_size(rest) <= rest.size());
        CHECK(packed_venue(rest) == expected.venue());
        unpack(rest, names, listing);
        CHECK(listing == expected);
        rest.remove_prefix(packed_size(rest));
    }
    CHECK(rest.empty());
    CHECK(packed_size(rest) == 0);
    CHECK(packed_size("abc") == 0);
}

TEST_CASE("packed ISINs compare like their texts", "[store][staging]") {
    const std::vector<std::string> ascending{"AA0000000000",
                                             "AA0000000001",
                                             "AA000000000A",
                                             "AA0009ZZZZZ9",
                                             "AZ9999999999",
                                             "US0378331005",
                                             "XS0000000009",
                                             "ZZZZZZZZZZZZ"};
    std::uint64_t previous = 0;
    for (const std::string& isin : ascending) {
        std::string bytes;
        ColumnNumbers names;
        pack(make_listing(isin, ""), {}, names, bytes);
        CAPTURE(isin);
        CHECK(packed_isin(bytes) > previous);
        previous = packed_isin(bytes);
    }
}

TEST_CASE("only what has the shape of an ISIN can be staged", "[store][staging]") {
    const TempDir directory;
    Staging staging(directory.path(), 1024);
    for (const char* isin :
         {"", "US037833100", "US03783310055", "us0378331005", "US03783310\xC3\xA9"}) {
        CAPTURE(isin);
        CHECK_THROWS_AS(staging.add(make_listing(isin, "")), Error);
    }
}

TEST_CASE("any memory gives the order of a stable sort by key", "[store][staging]") {
    const std::uint64_t memory = GENERATE(1U, 5000U, 20'000U, 100'000U, 64U * 1024 * 1024);
    const std::size_t count = GENERATE(0U, 1U, 2U, 100U, 3000U);
    CAPTURE(memory, count);
    const TempDir directory;
    const auto listings = random_listings(static_cast<unsigned>(memory + count), count);
    Staging staging(directory.path(), memory);
    for (const Listing& listing : listings) {
        stage(listing, staging);
    }
    staging.sort();
    const auto expected = sorted(listings);
    CHECK((drain(staging) == expected));
    Listing more;
    CHECK_FALSE(staging.next(more));
    staging.sort();
    CHECK((drain(staging) == expected));
}

TEST_CASE("sorting again in the middle begins from the start", "[store][staging]") {
    const std::uint64_t memory = GENERATE(5000U, 1'000'000U);
    const TempDir directory;
    Staging staging(directory.path(), memory);
    for (int number = 500; number > 0; --number) {
        staging.add(make_listing(isin_of(number), "A"));
    }
    staging.sort();
    Listing listing;
    for (int number = 1; number <= 250; ++number) {
        REQUIRE(staging.next(listing));
    }
    CHECK(listing.isin() == isin_of(250));
    staging.sort();
    REQUIRE(staging.next(listing));
    CHECK(listing.isin() == isin_of(1));
}

TEST_CASE("the temporary file has no name", "[store][staging]") {
    const TempDir directory;
    Staging staging(directory.path(), 4096);
    for (int number = 0; number < 1000; ++number) {
        staging.add(make_listing(isin_of(number), "A"));
    }
    CHECK(std::filesystem::is_empty(directory.path()));
}

TEST_CASE("no file is made when memory suffices", "[store][staging]") {
    Staging staging("/nonexistent", 1024 * 1024);
    staging.add(make_listing(isin_of(1), "A"));
    staging.sort();
    CHECK(drain(staging).size() == 1);
}

TEST_CASE("a directory that cannot take the file is named", "[store][staging]") {
    Staging staging("/nonexistent", 4096);
    const auto fill = [&] {
        for (int number = 0; number < 1000; ++number) {
            staging.add(make_listing(isin_of(number), "A"));
        }
    };
    CHECK_THROWS_WITH(fill(), StartsWith("/nonexistent: "));
}

TEST_CASE("a disk that becomes full is noticed", "[store][staging]") {
    const int count = GENERATE(70, 5000);  // noticed by the sort; while listings are added
    CAPTURE(count);
    const TempDir directory;
    Staging staging(directory.path(), 4096);
    const auto fill_and_sort = [&] {
        for (int number = 0; number < count; ++number) {
            staging.add(make_listing(isin_of(number), "A"));
        }
        staging.sort();
    };
    const FileLimit limit(2000);
    CHECK_THROWS_WITH(fill_and_sort(), StartsWith(directory.path().string()));
}

TEST_CASE("what is on its way to the disk does not outlive its owner", "[slow][store][staging]") {
    const TempDir directory;
    for (int round = 0; round < 50; ++round) {
        Staging staging(directory.path(), std::uint64_t{1} << 20U);
        for (int number = 0; number < 12'000; ++number) {
            staging.add(make_listing(isin_of(number), "A"));
        }
    }
    CHECK(std::filesystem::is_empty(directory.path()));
}
