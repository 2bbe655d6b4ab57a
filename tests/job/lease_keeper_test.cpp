#include "job/lease_keeper.hpp"

#include "store/lease.hpp"
#include "support/catch.hpp"
#include "support/test_store.hpp"
#include "util/error.hpp"
#include "util/wait.hpp"

#include <atomic>
#include <future>

using namespace isinfetch;
using namespace std::chrono_literals;

namespace {

/// A lease that is over at once, so that renewals are seen; a keeper renews it as fast as it can.
struct KeeperFixture {
    test::TempDir directory{};
    test::TestStore place{directory};
    std::unique_ptr<Connection> store = open_store({.location = place.location()});
    std::int64_t token = take_lease(*store, "list", "me", -60s).value();
    std::string before = read_lease(*store, "list").until;

    LeaseKeeper::Lease lease() const { return {"list", token, 0s}; }
    LeaseKeeper::Connect connect() const {
        return [this] { return open_store({.location = place.location()}); };
    }
    bool is_renewed() const { return read_lease(*store, "list").until != before; }
};

void wait_until(const std::function<bool()>& is_so) {
    while (!is_so()) {
        std::this_thread::sleep_for(1ms);
    }
}

}  // namespace

TEST_CASE_METHOD(KeeperFixture, "a lease is renewed while the run goes on", "[job][contract]") {
    const LeaseKeeper keeper(lease(), connect());
    wait_until([&] { return is_renewed(); });
    CHECK_NOTHROW(keeper.check());
}

TEST_CASE_METHOD(KeeperFixture, "a run that stands still loses its lease", "[job][contract]") {
    std::atomic<int> asked = 0;
    std::atomic<bool> goes_on = false;
    const LeaseKeeper keeper(lease(), connect(), [&] {
        ++asked;
        return goes_on.load();
    });
    wait_until([&] { return asked > 3; });
    CHECK_FALSE(is_renewed());
    goes_on = true;  // nobody has taken over meanwhile
    wait_until([&] { return is_renewed(); });
    CHECK_NOTHROW(keeper.check());
}

TEST_CASE_METHOD(KeeperFixture, "whose lease was broken is told", "[job][contract]") {
    const LeaseKeeper keeper(lease(), connect());
    wait_until([&] { return is_renewed(); });
    REQUIRE(break_lease(*store, "list"));
    const auto is_told = [&] {
        try {
            keeper.check();
            return false;
        } catch (const Error& error) {
            CHECK(error.kind() == ErrorKind::busy);
            CHECK_THAT(error.what(), ContainsSubstring("list: another host has taken over"));
            return true;
        }
    };
    wait_until(is_told);
    SUCCEED();
}

TEST_CASE("a keeper whose server does not answer is not waited for", "[job]") {
    std::promise<void> is_asked;
    std::optional<ErrorKind> ended;
    {
        const LeaseKeeper keeper({"list", 1, 0s}, [&]() -> std::unique_ptr<Connection> {
            is_asked.set_value();
            try {
                Wait("", Wait::kForEver, WaitPurpose::store).nap(std::chrono::hours(24));
            } catch (const Error& error) {
                ended = error.kind();
                throw;
            }
            return nullptr;
        });
        is_asked.get_future().wait();
    }
    CHECK(ended == ErrorKind::temporary);
}
