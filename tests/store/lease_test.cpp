#include "store/lease.hpp"

#include "store_fixture.hpp"
#include "support/catch.hpp"

using namespace isinfetch;
using namespace isinfetch::test;
using namespace std::chrono_literals;

namespace {

struct LeaseFixture : StoreFixture {
    std::optional<std::int64_t> take(std::chrono::seconds duration,
                                     const std::string& holder = "me") const {
        return take_lease(*store, "list", holder, duration);
    }

    /// In a transaction of its own.
    bool holds(const Claim& claim) const {
        const Transaction transaction(*store);
        return hold_source(*store, claim);
    }
};

}  // namespace

TEST_CASE_METHOD(LeaseFixture, "a lease is one holder's until it is over", "[store][contract]") {
    CHECK(read_lease(*store, "list").is_over);
    CHECK(take(60s) == 1);
    const LeaseState lease = read_lease(*store, "list");
    CHECK_FALSE(lease.is_over);
    CHECK(lease.holder == "me");
    CHECK(parse_time(lease.until));
    CHECK_FALSE(take(60s, "you"));
    CHECK(read_lease(*store, "list").holder == "me");
    give_lease_back(*store, "list", 1);
    CHECK(read_lease(*store, "list").holder.empty());
    CHECK(take(60s, "you") == 2);
}

TEST_CASE_METHOD(LeaseFixture, "who is late has lost", "[store][contract]") {
    CHECK(take(-1s) == 1);
    CHECK(read_lease(*store, "list").is_over);
    CHECK(take(60s, "you") == 2);
    CHECK_FALSE(renew_lease(*store, "list", 1, 60s));
    give_lease_back(*store, "list", 1);
    CHECK(read_lease(*store, "list").holder == "you");
    CHECK(renew_lease(*store, "list", 2, 60s));
    CHECK_FALSE(holds({"list", 1, 0}));
    CHECK(holds({"list", 2, 0}));
}

TEST_CASE_METHOD(LeaseFixture, "a lease can be renewed after its end", "[store][contract]") {
    CHECK(take(-1s) == 1);
    CHECK(renew_lease(*store, "list", 1, 60s));
    CHECK_FALSE(take(60s, "you"));
}

TEST_CASE_METHOD(LeaseFixture, "leases that were not given back are counted", "[store][contract]") {
    for (std::int64_t number = 1; number <= 4; ++number) {
        CHECK(take(-1s, "host " + std::to_string(number)) == number);
        CHECK(read_lease(*store, "list").takeovers == number - 1);
    }
    give_lease_back(*store, "list", 4);
    CHECK(take(-1s) == 5);
    CHECK(read_lease(*store, "list").takeovers == 0);
}

TEST_CASE_METHOD(LeaseFixture,
                 "a holder whom nobody told of its lease takes it again",
                 "[store][contract]") {
    CHECK(take(-1s, "dead") == 1);
    CHECK(take(60s) == 2);
    CHECK(take(60s) == 3);  // the reply to the COMMIT before was lost
    CHECK(read_lease(*store, "list").takeovers == 1);
    CHECK_FALSE(take(60s, "you"));
}

TEST_CASE_METHOD(LeaseFixture, "held leases are told with their age", "[store][contract]") {
    CHECK(held_leases(*store).empty());
    take(60s);
    take_lease(*store, "another", "you", -1s);
    const auto leases = held_leases(*store);
    REQUIRE(leases.size() == 2);
    CHECK(leases[0].source == "another");
    CHECK(leases[0].lease.is_over);
    CHECK(leases[1].lease.holder == "me");
    CHECK_FALSE(leases[1].lease.is_over);
    const auto since = parse_time(leases[1].lease.since);
    const auto time = parse_time(leases[1].now);
    REQUIRE(since);
    REQUIRE(time);
    CHECK(*since <= *time);
    CHECK(leases[1].lease.until > leases[1].now);
    CHECK(load_state(*store, "list").held_since == leases[1].lease.since);
    give_lease_back(*store, "list", 1);
    CHECK(held_leases(*store).size() == 1);
    CHECK(load_state(*store, "list").held_since.empty());
}

TEST_CASE_METHOD(LeaseFixture, "a broken lease fences its holder", "[store][contract]") {
    CHECK_FALSE(break_lease(*store, "list"));
    CHECK(take(60s) == 1);
    const auto broken = break_lease(*store, "list");
    REQUIRE(broken);
    CHECK(broken->holder == "me");
    CHECK_FALSE(break_lease(*store, "list"));
    CHECK_FALSE(renew_lease(*store, "list", 1, 60s));
    CHECK_FALSE(holds({"list", 1, 0}));
    CHECK(take(60s, "you") == 3);
    CHECK(read_lease(*store, "list").takeovers == 0);
}

TEST_CASE_METHOD(LeaseFixture, "another head is held by nobody", "[store][contract]") {
    publish({make_listing(isin_of(1), "A")});
    store->script("UPDATE source SET head = 1");
    CHECK(take(60s) == 1);
    CHECK(holds({"list", 1, 1}));
    CHECK_FALSE(holds({"list", 1, 0}));
    CHECK_FALSE(holds({"another", 1, 1}));
    CHECK_NOTHROW(wait_for_source(*store, "list"));
}
