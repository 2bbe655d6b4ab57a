// What only a server can do. Every case is passed over where there is none: see
// postgres_contract.py, which runs them.
#include "store/postgres.hpp"

#include "store/lease.hpp"
#include "store_fixture.hpp"
#include "support/catch.hpp"
#include "util/error.hpp"

#include <atomic>
#include <thread>

using namespace isinfetch;
using namespace isinfetch::test;

namespace {

template <class Action>
ErrorKind kind_of(Action action) {
    try {
        action();
    } catch (const Error& error) {
        UNSCOPED_INFO(error.what());
        return error.kind();
    }
    FAIL("nothing was thrown");
    return ErrorKind::internal;
}

struct ServerFixture : StoreFixture {
    bool is_here() const { return place.is_postgres(); }

    /// The server ends the store's session.
    void end_session() const {
        const auto pid = query_integer(*store, "SELECT pg_backend_pid()").value();
        const auto other = open();
        const std::array<Parameter, 1> parameters{pid};
        query_text(*other, "SELECT pg_terminate_backend($1::integer)", parameters);
        while (query_integer(*other, "SELECT 1 FROM pg_stat_activity WHERE pid = $1", parameters)) {
        }
    }
};

}  // namespace

TEST_CASE_METHOD(ServerFixture, "a lost connection is made anew", "[store][contract]") {
    if (!is_here()) {
        return;
    }
    end_session();
    CHECK(query_integer(*store, "SELECT 1") == 1);
    end_session();
    CHECK(publish({make_listing(isin_of(1), "A")}).added == 1);
}

TEST_CASE_METHOD(ServerFixture, "with the connection a transaction is lost", "[store][contract]") {
    if (!is_here()) {
        return;
    }
    {
        Transaction transaction(*store);
        store->script("INSERT INTO source (name) VALUES ('x')");
        end_session();
        CHECK(kind_of([&] { store->script("INSERT INTO source (name) VALUES ('y')"); }) ==
              ErrorKind::temporary);
        CHECK(kind_of([&] { transaction.commit(); }) == ErrorKind::temporary);
    }
    CHECK(count("source") == 0);
}

TEST_CASE_METHOD(ServerFixture, "a stream that is cut says so", "[store][contract]") {
    if (!is_here()) {
        return;
    }
    const auto rows = store->stream("SELECT generate_series(1, 100000)", {});
    CHECK(rows->next());
    const auto other = open();
    query_text(*other,
               "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
               " WHERE pid <> pg_backend_pid() AND application_name = 'isinfetch'");
    CHECK(kind_of([&] {
              while (rows->next()) {
              }
          }) == ErrorKind::temporary);
}

TEST_CASE_METHOD(ServerFixture, "a session keeps nothing of a transaction", "[store][contract]") {
    if (!is_here()) {
        return;
    }
    {
        Transaction transaction(*store);
        CHECK(query_text(*store, "SHOW lock_timeout") == "20ms");
        CHECK(query_text(*store, "SHOW statement_timeout") == "10min");
        CHECK(query_text(*store, "SHOW idle_in_transaction_session_timeout") == "1min");
        transaction.commit();
    }
    CHECK(query_text(*store, "SHOW lock_timeout") == "0");
    CHECK(query_integer(*store, "SELECT count(*) FROM pg_prepared_statements") == 0);
    CHECK(query_integer(*store, "SELECT count(*) FROM pg_cursors WHERE name <> ''") == 0);
}

TEST_CASE_METHOD(ServerFixture, "a transaction that failed is not committed", "[store][contract]") {
    if (!is_here()) {
        return;
    }
    Transaction transaction(*store);
    CHECK(kind_of([&] { store->script("nonsense"); }) == ErrorKind::internal);
    CHECK(kind_of([&] { transaction.commit(); }) == ErrorKind::internal);
}

TEST_CASE_METHOD(ServerFixture, "who reads does not write", "[store][contract]") {
    if (!is_here()) {
        return;
    }
    const auto reader = open(StoreMode::read_only);
    CHECK(kind_of([&] { reader->script("DELETE FROM source"); }) == ErrorKind::permission);
    const auto rows = store->stream("SELECT 1", {});
    CHECK(kind_of([&] { store->script("DELETE FROM source"); }) == ErrorKind::internal);
}

TEST_CASE_METHOD(ServerFixture, "the first hosts may come together", "[store][contract]") {
    if (!is_here()) {
        return;
    }
    store->script(
        "DROP TABLE undo, listing, gap, rejection, file, run_source, run, source, schema_info"
        " CASCADE; DROP FUNCTION json_valid, store_time, mark_writer, end_writers");
    std::atomic<int> opened{0};
    std::string why;  // of the last one that failed, if any
    {
        std::vector<std::jthread> hosts;
        for (int i = 0; i < 8; ++i) {
            hosts.emplace_back([&] {
                try {
                    open_store({.location = place.location()});
                    ++opened;
                } catch (const Error& error) {
                    why = error.what();
                }
            });
        }
    }
    CAPTURE(why);
    CHECK(opened == 8);
    CHECK(count("schema_info") == 1);
}

namespace {

/// A host within the transaction that writes the list of a source, for as long as it likes.
class Writer {
public:
    Writer(const StoreFixture& host, const std::string& source, const std::string& row)
        : store_(host.open()), transaction_(*store_) {
        ensure_source(*store_, source);
        announce_writer(*store_, source);
        store_->script("INSERT INTO source (name) VALUES ('" + row + "')");
    }

    bool is_ended() {
        try {
            transaction_.commit();
            return false;
        } catch (const Error& error) {
            return error.kind() == ErrorKind::temporary;
        }
    }

private:
    std::unique_ptr<Connection> store_;
    Transaction transaction_;
};

}  // namespace

TEST_CASE_METHOD(ServerFixture, "who takes a lease ends that list's writers", "[store][contract]") {
    if (!is_here()) {
        return;
    }
    const std::string far_away = "another list that was begun long ago";
    publish({make_listing(isin_of(1), "A")}, "list");
    publish({make_listing(isin_of(1), "A")}, far_away);
    ServerFixture neighbour;  // the same database, and the same ids in another schema
    neighbour.publish({make_listing(isin_of(1), "A")}, "list");
    Writer frozen(*this, "list", "frozen");
    Writer frozen_too(*this, "list", "frozen too");
    Writer healthy(*this, far_away, "healthy");
    Writer next_door(neighbour, "list", "next door");
    const auto reader = open();
    const auto rows = reader->stream("SELECT generate_series(1, 100000)", {});
    CHECK(rows->next());
    CHECK(take_lease(*store, "list", "me", std::chrono::seconds(1)));
    CHECK(frozen.is_ended());
    CHECK(frozen_too.is_ended());
    CHECK_FALSE(healthy.is_ended());
    CHECK_FALSE(next_door.is_ended());
    CHECK(count("source WHERE name LIKE 'frozen%'") == 0);
    CHECK(count("source WHERE name = 'healthy'") == 1);
    while (rows->next()) {
    }
}

TEST_CASE_METHOD(ServerFixture, "who has written is not ended any more", "[store][contract]") {
    if (!is_here()) {
        return;
    }
    const auto before = open();
    {
        Transaction transaction(*before);
        ensure_source(*before, "list");
        announce_writer(*before, "list");
        transaction.commit();
    }
    Transaction transaction(*before);
    ensure_source(*before, "another list");
    CHECK(take_lease(*store, "list", "me", std::chrono::seconds(1)));
    CHECK_NOTHROW(transaction.commit());
}

TEST_CASE_METHOD(ServerFixture, "older stores learn to end writers", "[store][contract]") {
    if (!is_here()) {
        return;
    }
    const bool had_another = GENERATE(true, false);
    CAPTURE(had_another);
    take_off_newer_than_3(*store);
    store->script(
        "DROP FUNCTION mark_writer, end_writers; DROP INDEX listing_ended; UPDATE schema_info SET "
        "version = 2");
    if (had_another) {
        store->script(
            "CREATE FUNCTION end_silent_writers(seconds bigint) RETURNS bigint LANGUAGE sql"
            " AS 'SELECT 0::bigint'");
    }
    store = open();
    CHECK(take_lease(*store, "list", "me", std::chrono::seconds(1)));
    CHECK(count("pg_proc WHERE proname = 'end_silent_writers'"
                " AND pronamespace = current_schema()::regnamespace") == 0);
}

TEST_CASE_METHOD(ServerFixture, "what keeps a server from being used", "[store][contract]") {
    if (!is_here()) {
        return;
    }
    const std::string server = postgres_under_test();
    CHECK(kind_of([&] { open_store({.location = server + " dbname=none"}); }) == ErrorKind::config);
    CHECK(kind_of([&] { open_store({.location = server + " user=nobody_here"}); }) ==
          ErrorKind::permission);
    CHECK(kind_of([&] { open_store({.location = server + " port=1"}); }) == ErrorKind::temporary);
    CHECK(kind_of([&] { open_store({.location = server + " options='-c search_path=none'"}); }) ==
          ErrorKind::config);
}
