#include "store/match.hpp"

#include "store_fixture.hpp"
#include "support/catch.hpp"

#include <map>

using namespace isinfetch;
using namespace isinfetch::test;

namespace {

constexpr const char* kIsin = "US0378331005";

/// "XNAS:Apple XLON:Apple" as rows of one ISIN.
std::vector<Listing> rows(const std::string& text) {
    std::vector<Listing> rows;
    std::size_t begin = 0;
    while (begin < text.size()) {
        const std::size_t end = std::min(text.find(' ', begin), text.size());
        const std::string row = text.substr(begin, end - begin);
        const std::size_t colon = row.find(':');
        rows.push_back(make_listing(kIsin, row.substr(0, colon), row.substr(colon + 1)));
        begin = end + 1;
    }
    return rows;
}

std::string venue(const std::vector<Listing>& rows, const std::optional<std::size_t>& row) {
    return row ? rows[*row].venue() : "-";
}

/// "XNAS=XNAS" untouched, "~" cosmetic, ">" really changed; "-" is nothing.
std::string describe(const std::vector<Listing>& before,
                     const std::vector<Listing>& after,
                     Leftovers leftovers) {
    static const std::map<Difference, char> signs{
        {Difference::none, '='}, {Difference::cosmetic, '~'}, {Difference::real, '>'}};
    std::string text;
    for (const RowPair& pair : match_rows(before, after, leftovers)) {
        text += fmt::format("{}{}{}{}",
                            text.empty() ? "" : " ",
                            venue(before, pair.before),
                            signs.at(pair.difference),
                            venue(after, pair.after));
    }
    return text;
}

struct MatchCase {
    const char* before;
    const char* after;
    const char* paired;
    const char* separate;
    const char* why;
};

/// A stream over rows that are there already.
IsinGroups groups(const std::vector<Listing>& rows, std::size_t& position) {
    return IsinGroups([&](Listing& listing) {
        if (position == rows.size()) {
            return false;
        }
        listing = rows[position++];
        return true;
    });
}

}  // namespace

TEST_CASE("rows of one ISIN are matched by venue first, then by order", "[store][match]") {
    // clang-format off
    const auto row = GENERATE(values<MatchCase>({
        {"", "", "", "", "nothing on either side"},
        {"", "A:x", "->A", "->A", "new"},
        {"A:x", "", "A>-", "A>-", "gone"},
        {"A:x", "A:x", "A=A", "A=A", "untouched"},
        {"A:x", "A:X", "A~A", "A~A", "only the case differs"},
        {"A:x", "A:y", "A>A", "A>A", "another name"},
        {"A:x", "B:x", "A>B", "A>- ->B", "the venue alone moved"},
        {"A:x", "a:x", "A>a", "A>- ->a", "a venue is part of the key: its case counts"},
        {"A:x C:x", "B:x C:x", "C=C A>B", "A>- ->B C=C", "equal venues are never taken for a move"},
        {"A:x B:x", "C:x", "A>C B>-", "A>- B>- ->C", "the first leftover moved, the second is gone"},
        {"C:x", "A:x B:x", "C>A ->B", "->A ->B C>-", "the first moved there, the second is new"},
        {"A:x B:x", "C:x D:x", "A>C B>D", "A>- B>- ->C ->D", "two moves, in order"},
        {":x", "A:x", ">A", ">- ->A", "an empty venue can move, too"},
    }));
    // clang-format on
    CAPTURE(row.before, row.after, row.why);
    CHECK(describe(rows(row.before), rows(row.after), Leftovers::pair) == row.paired);
    CHECK(describe(rows(row.before), rows(row.after), Leftovers::separate) == row.separate);
}

TEST_CASE("a stream is read one ISIN at a time", "[store][match]") {
    const std::vector<Listing> listings{make_listing(isin_of(1), "A"),
                                        make_listing(isin_of(1), "B"),
                                        make_listing(isin_of(2), "A"),
                                        make_listing(isin_of(3), "A"),
                                        make_listing(isin_of(3), "C")};
    std::size_t position = 0;
    IsinGroups stream = groups(listings, position);
    for (const auto& [number, size] : {std::pair{1, 2U}, {2, 1U}, {3, 2U}}) {
        REQUIRE(stream.next());
        CHECK(stream.isin() == isin_of(number));
        CHECK(stream.rows().size() == size);
    }
    CHECK_FALSE(stream.next());
    CHECK_FALSE(stream.next());
}

TEST_CASE("of rows with one key the first is kept and the others are told", "[store][match]") {
    const std::vector<Listing> listings{make_listing(kIsin, "A", "first"),
                                        make_listing(kIsin, "A", "second"),
                                        make_listing(kIsin, "A", "third"),
                                        make_listing(kIsin, "B", "other")};
    std::size_t position = 0;
    std::vector<std::string> told;
    IsinGroups stream(
        [&](Listing& listing) {
            if (position == listings.size()) {
                return false;
            }
            listing = listings[position++];
            return true;
        },
        [&](const Listing& kept, const Listing& repeated) {
            told.push_back(kept[Field::name] + " before " + repeated[Field::name]);
        });
    REQUIRE(stream.next());
    REQUIRE(stream.rows().size() == 2);
    CHECK(stream.rows()[0][Field::name] == "first");
    CHECK(stream.rows()[1][Field::name] == "other");
    CHECK(told == std::vector<std::string>{"first before second", "first before third"});
}

TEST_CASE("two streams are walked ISIN by ISIN", "[store][match]") {
    const std::vector<Listing> left{make_listing(isin_of(1), "A"), make_listing(isin_of(3), "A")};
    const std::vector<Listing> right{make_listing(isin_of(2), "A"),
                                     make_listing(isin_of(3), "A"),
                                     make_listing(isin_of(4), "A")};
    std::size_t left_position = 0;
    std::size_t right_position = 0;
    IsinGroups before = groups(left, left_position);
    IsinGroups after = groups(right, right_position);
    std::string seen;
    walk_groups(before, after, [&](std::span<Listing> old, std::span<Listing> fresh) {
        const Listing& any = old.empty() ? fresh[0] : old[0];
        seen += fmt::format("{}:{}{} ", any.isin().back(), old.size(), fresh.size());
    });
    CHECK(seen == "1:10 2:01 3:11 4:01 ");
}
