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
        " CASCADE; DROP FUNCTION json_valid, store_time, end_silent_writers");
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

TEST_CASE_METHOD(ServerFixture, "who takes a lease ends frozen writers", "[store][contract]") {
    if (!is_here()) {
        return;
    }
    const auto frozen = open();
    Transaction transaction(*frozen);
    frozen->script("INSERT INTO source (name) VALUES ('x')");
    const auto reader = open();
    const auto rows = reader->stream("SELECT generate_series(1, 100000)", {});
    CHECK(rows->next());
    CHECK(take_lease(*store, "list", "me", std::chrono::seconds(1)));
    CHECK(kind_of([&] { transaction.commit(); }) == ErrorKind::temporary);
    CHECK(count("source WHERE name = 'x'") == 0);
    while (rows->next()) {
    }
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
