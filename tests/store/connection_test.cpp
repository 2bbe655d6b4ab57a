#include "store/connection.hpp"

#include "store_fixture.hpp"
#include "support/catch.hpp"
#include "util/error.hpp"

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

}  // namespace

TEST_CASE_METHOD(StoreFixture,
                 "parameters are found by number, in any order, repeatedly",
                 "[store][connection][contract]") {
    const std::array<Parameter, 3> parameters{"first", std::int64_t{2}, Parameter{}};
    const auto cursor = store->query(
        "SELECT $2 AS two, $1 AS one, coalesce($3, 7) AS none, $1 || $2 AS both", parameters);
    REQUIRE(cursor->next());
    CHECK(cursor->integer(0) == 2);
    CHECK(cursor->text(1) == "first");
    CHECK(cursor->integer(2) == 7);
    CHECK(cursor->text(3) == "first2");
    CHECK_FALSE(cursor->next());
    CHECK_FALSE(cursor->next());
}

TEST_CASE_METHOD(StoreFixture,
                 "NULL reads as empty and as 0, text as 0",
                 "[store][connection][contract]") {
    const auto cursor = store->query("SELECT NULL, '12', ''", {});
    REQUIRE(cursor->next());
    CHECK(cursor->text(0).empty());
    CHECK(cursor->integer(0) == 0);
    CHECK(cursor->integer(1) == 0);
    CHECK(cursor->text(2).empty());
}

TEST_CASE_METHOD(StoreFixture,
                 "an empty text is not NULL, whatever its address",
                 "[store][connection][contract]") {
    const std::array<Parameter, 2> parameters{std::string_view{}, or_null("")};
    const auto cursor = store->query("SELECT $1 = '' AS a, coalesce($2, 'none') AS b", parameters);
    REQUIRE(cursor->next());
    CHECK(cursor->integer(0) == 1);
    CHECK(cursor->text(1) == "none");
}

TEST_CASE_METHOD(StoreFixture,
                 "text of a query may go away before its rows are read",
                 "[store][connection][contract]") {
    std::unique_ptr<Cursor> cursor;
    {
        std::string text = "a text that is longer than what fits into a small string";
        const std::array<Parameter, 1> parameters{text};
        cursor = store->query("SELECT $1", parameters);
        text.assign(text.size(), '?');
    }
    REQUIRE(cursor->next());
    CHECK(cursor->text(0) == "a text that is longer than what fits into a small string");
}

TEST_CASE_METHOD(StoreFixture,
                 "one statement can be in use twice",
                 "[store][connection][contract]") {
    store->script("CREATE TABLE t (n INTEGER); INSERT INTO t VALUES (1), (2), (3)");
    constexpr const char* kSql = "SELECT n FROM t ORDER BY n";
    std::string pairs;
    const auto outer = store->query(kSql, {});
    while (outer->next()) {
        const auto inner = store->query(kSql, {});
        while (inner->next()) {
            pairs += fmt::format("{}{} ", outer->integer(0), inner->integer(0));
        }
    }
    CHECK(pairs == "11 12 13 21 22 23 31 32 33 ");
}

TEST_CASE_METHOD(StoreFixture,
                 "parameters of one use do not reach the next",
                 "[store][connection][contract]") {
    const std::array<Parameter, 1> text{"text"};
    const std::array<Parameter, 1> null{Parameter{}};
    CHECK(query_text(*store, "SELECT coalesce($1, 'none')", text) == "text");
    CHECK(query_text(*store, "SELECT coalesce($1, 'none')", null) == "none");
}

TEST_CASE_METHOD(StoreFixture,
                 "execute tells how many rows changed",
                 "[store][connection][contract]") {
    store->script("CREATE TABLE t (id INTEGER, n INTEGER)");
    CHECK(store->execute("INSERT INTO t (n) VALUES (1), (1), (2)", {}) == 3);
    CHECK(insert_row(*store, "INSERT INTO t (id, n) VALUES (4, 4) RETURNING id", {}) == 4);
    CHECK(store->execute("UPDATE t SET n = 5 WHERE n = 1", {}) == 2);
    CHECK(store->execute("DELETE FROM t WHERE n = 9", {}) == 0);
}

TEST_CASE_METHOD(StoreFixture,
                 "a second writer waits, then is told to come again",
                 "[store][connection][contract]") {
    store->script("CREATE TABLE t (n INTEGER); INSERT INTO t VALUES (1)");
    const auto second = open();
    const auto write_too = [&] {
        const Transaction other(*second);
        second->execute("UPDATE t SET n = 3", {});
    };
    Transaction transaction(*store);
    store->execute("UPDATE t SET n = 2", {});
    CHECK(kind_of(write_too) == ErrorKind::temporary);
    transaction.commit();
    CHECK_NOTHROW(write_too());
    CHECK(query_integer(*store, "SELECT n FROM t") == 2);
}

TEST_CASE_METHOD(StoreFixture,
                 "a transaction ends with its scope",
                 "[store][connection][contract]") {
    store->script("CREATE TABLE t (n INTEGER)");
    {
        const Transaction transaction(*store);
        store->script("INSERT INTO t VALUES (1)");
    }
    CHECK(count("t") == 0);
    Transaction transaction(*store);
    store->script("INSERT INTO t VALUES (1)");
    transaction.commit();
    CHECK(count("t") == 1);
}

TEST_CASE_METHOD(StoreFixture,
                 "a rollback by the database itself is no second error",
                 "[store][connection][contract]") {
    {
        const Transaction transaction(*store);
        store->script("ROLLBACK");
    }
    CHECK_NOTHROW(Transaction(*store));
}

TEST_CASE_METHOD(StoreFixture, "streams of any length run side by side", "[store][contract]") {
    store->script("CREATE TABLE t (n INTEGER)");
    std::vector<std::int64_t> numbers(5000);
    std::vector<Parameter> values;
    for (std::int64_t number = 0; number < 5000; ++number) {
        values.emplace_back(number);
    }
    const std::array<std::string_view, 1> columns{"n"};
    store->insert({.table = "t", .columns = columns, .values = values});
    const auto up = store->stream("SELECT n FROM t ORDER BY n", {});
    const auto down = store->stream("SELECT n FROM t ORDER BY n DESC", {});
    std::int64_t rows = 0;
    while (up->next()) {
        REQUIRE(down->next());
        CHECK(up->integer(0) + down->integer(0) == 4999);
        rows += query_integer(*store, "SELECT 1").value();
    }
    CHECK_FALSE(down->next());
    CHECK(rows == 5000);
}

TEST_CASE_METHOD(StoreFixture, "any text can be inserted", "[store][contract]") {
    store->script("CREATE TABLE t (n INTEGER, a TEXT, b TEXT)");
    const std::array<std::string_view, 3> columns{"n", "a", "b"};
    const std::vector<std::string> texts{
        "", "\\N", "\t", "\\", "line\nline\r\n", "\\.", "\xC3\xBC", "'\"", "a\\tb"};
    std::vector<Parameter> values;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        values.insert(values.end(), {static_cast<std::int64_t>(i), texts[i], Parameter{}});
    }
    store->insert({.table = "t", .columns = columns, .values = values});
    CHECK(count("t WHERE b IS NULL") == static_cast<std::int64_t>(texts.size()));
    const auto cursor = store->query("SELECT a FROM t ORDER BY n", {});
    for (const std::string& text : texts) {
        REQUIRE(cursor->next());
        CHECK(cursor->text(0) == text);
    }
}

TEST_CASE_METHOD(StoreFixture, "the store has a clock of its own", "[store][contract]") {
    const auto time = [this](int seconds) {
        return parse_time(query_text(*store, fmt::format("SELECT store_time({})", seconds)).value())
            .value();
    };
    CHECK(std::chrono::abs(time(0) - now()) < std::chrono::minutes(1));
    CHECK(time(3600) - time(0) >= std::chrono::minutes(59));
}
