#include "store/schema.hpp"

#include "store_fixture.hpp"
#include "support/catch.hpp"
#include "util/error.hpp"

using namespace isinfetch;
using namespace isinfetch::test;

namespace {

/// A store with one source, run, version and listing to refer to.
struct SchemaFixture : StoreFixture {
    SchemaFixture() { publish({make_listing(isin_of(1), "A")}); }

    std::string columns_of(const std::string& table) const {
        return place.is_postgres()
                   ? fmt::format(
                         "(SELECT attname AS name FROM pg_attribute WHERE attrelid ="
                         " '{}'::regclass AND attnum > 0) AS columns",
                         table)
                   : fmt::format("pragma_table_info('{}')", table);
    }

    void set_version(int version) const {
        store->script(fmt::format("UPDATE schema_info SET version = {}", version));
    }
};

struct RefusedCase {
    const char* sql;
    const char* why;
};

}  // namespace

TEST_CASE_METHOD(SchemaFixture,
                 "what contradicts the schema is refused",
                 "[store][schema][contract]") {
    // clang-format off
    const auto row = GENERATE(values<RefusedCase>({
        {"INSERT INTO source (name) VALUES ('list')", "a name twice"},
        {"INSERT INTO source (name) VALUES (NULL)", "no name"},
        {"INSERT INTO source (name, tail) VALUES ('x', '[')", "tail is JSON"},
        {"INSERT INTO source (name, line_end) VALUES ('x', 2)", "a truth value"},
        {"INSERT INTO source (name, records) VALUES ('x', 'many')", "a number"},
        {"INSERT INTO run (run_id, host, pid, version, started, dry_run)"
         " VALUES ('run-1', 'h', 1, 'v', 't', 0)", "a run twice"},
        {"INSERT INTO run_source (run_id, source_id, status) VALUES (1, 1, 'updated')",
         "a source twice in a run"},
        {"UPDATE run_source SET status = 'fine'", "an unknown status"},
        {"UPDATE run_source SET run_id = 99", "a run that is not there"},
        {"UPDATE run_source SET durations = '{'", "durations are JSON"},
        {"UPDATE listing SET source_id = 99", "a source that is not there"},
        {"UPDATE listing SET added_run = 99", "a version that is not there"},
        {"UPDATE listing SET isin = 'US'", "an ISIN has twelve characters"},
        {"UPDATE listing SET venue = NULL", "a venue may be empty, not NULL"},
        {"UPDATE listing SET opened_as = 'removed'", "nothing opens as removed"},
        {"UPDATE listing SET closed_as = 'removed'", "closed without a version that closed it"},
        {"UPDATE listing SET closed_run = 1", "closed without saying how"},
        {"UPDATE listing SET closed_run = 1, closed_as = 'added'", "nothing closes as added"},
        {"INSERT INTO listing (source_id, isin, venue, published, added_run, opened_as)"
         " VALUES (1, 'US0000000001', 'A', 't', 1, 'added')", "two current versions of one key"},
        {"DELETE FROM source", "a source with listings"},
        {"DELETE FROM run", "a run with versions"},
        {"INSERT INTO file (source_id, run_source_id, name, role, bytes, state)"
         " VALUES (1, 1, 'n', 'part', 0, 'applied')", "an unknown role"},
        {"INSERT INTO file (source_id, run_source_id, name, role, bytes, state)"
         " VALUES (1, 1, 'n', 'delta', 0, 'lost')", "an unknown state"},
        {"INSERT INTO rejection (run_source_id, line, byte, reason, value, text)"
         " VALUES (9, 1, 0, 'r', 'v', 't')", "a version that is not there"},
    }));
    // clang-format on
    CAPTURE(row.sql, row.why);
    CHECK_THROWS_WITH(
        store->script(row.sql),
        ContainsSubstring("constraint failed") || ContainsSubstring("cannot store TEXT") ||
            ContainsSubstring("constraint \"") || ContainsSubstring("not-null constraint") ||
            ContainsSubstring("SQLSTATE 22"));
}

TEST_CASE_METHOD(SchemaFixture,
                 "the columns are those of the tables of names",
                 "[store][schema][contract]") {
    for (const FieldInfo& field : field_table()) {
        CAPTURE(field.name);
        CHECK(count(columns_of("listing") + fmt::format(" WHERE name = '{}'", field.name)) == 1);
    }
    for (const CountInfo& info : count_table()) {
        CAPTURE(info.name);
        CHECK(count(columns_of("run_source") + fmt::format(" WHERE name = '{}'", info.name)) == 1);
    }
}

TEST_CASE_METHOD(SchemaFixture, "every table has one integer key", "[store][schema]") {
    const auto tables = store->query(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT IN ('schema_info')", {});
    int seen = 0;
    while (tables->next()) {
        CAPTURE(tables->text(0));
        CHECK(count(fmt::format("pragma_table_info('{}') WHERE pk > 0 AND name = 'id'"
                                " AND type = 'INTEGER'",
                                tables->text(0))) == 1);
        ++seen;
    }
    CHECK(seen == 8);
}

TEST_CASE_METHOD(SchemaFixture, "opening again keeps everything", "[store][schema][contract]") {
    store = open();
    CHECK(count("listing") == 1);
    CHECK(query_integer(*store, "SELECT version FROM schema_info") == schema_version());
    CHECK(count("schema_info") == 1);
}

TEST_CASE_METHOD(SchemaFixture,
                 "a store of schema 3 is brought up and keeps everything",
                 "[store][schema][contract]") {
    take_off_newer_than_3(*store);
    set_version(3);
    CHECK_THROWS_WITH(open(StoreMode::read_only), ContainsSubstring("schema 3 is older"));
    store = open();
    CHECK(query_integer(*store, "SELECT version FROM schema_info") == schema_version());
    CHECK(count("listing") == 1);
    CHECK(count("source WHERE waiting_for IS NULL AND waiting_behind = 0") == 1);
}

TEST_CASE_METHOD(SchemaFixture, "a newer schema is refused", "[store][schema][contract]") {
    set_version(9);
    const auto mode = GENERATE(StoreMode::read_write, StoreMode::read_only);
    CHECK_THROWS_WITH(
        open(mode),
        ContainsSubstring(fmt::format(
            ": schema 9 is newer than this program's {}: upgrade isinfetch", schema_version())));
}

TEST_CASE("the database of another program is left alone", "[store][schema][contract]") {
    const TempDir directory;
    const TestStore place(directory);
    const std::string& location = place.location();
    {
        const auto store = open_store({.location = location});
        store->script("DROP TABLE schema_info");
    }
    const auto mode = GENERATE(StoreMode::read_write, StoreMode::read_only);
    CHECK_THROWS_WITH(open_store({.location = location, .mode = mode}),
                      ContainsSubstring("the database of another program"));
}

TEST_CASE_METHOD(SchemaFixture, "a current listing names its source", "[store][schema][contract]") {
    publish({make_listing(isin_of(1), "A", "new")});
    CHECK(count("listing_current") == 1);
    CHECK(text("SELECT source || ' ' || isin || ' ' || name FROM listing_current") ==
          "list US0000000001 new");
}

TEST_CASE_METHOD(SchemaFixture,
                 "an instrument is its first row by source and venue",
                 "[store][schema][contract]") {
    publish({make_listing(isin_of(1), "Z", "from alpha"),
             make_listing(isin_of(1), "M", "chosen"),
             make_listing(isin_of(2), "", "only here")},
            "alpha");
    CHECK(count("instrument") == 2);
    const auto row = [this](int number) {
        return text(
            fmt::format("SELECT name || ' ' || source || ' ' || venue || ' ' || sources ||"
                        " ' ' || venues || ' ' || listings FROM instrument"
                        " WHERE isin = '{}'",
                        isin_of(number)));
    };
    CHECK(row(1) == "chosen alpha M 2 3 3");
    CHECK(row(2) == "only here alpha  1 1 1");
    publish({}, "alpha");
    CHECK(row(1) == "Name list A 1 1 1");
    CHECK(row(2) == "no row");
}

TEST_CASE_METHOD(SchemaFixture, "changes tell each event once", "[store][schema][contract]") {
    publish({make_listing(isin_of(1), "B"), make_listing(isin_of(2), "A")});
    publish({make_listing(isin_of(2), "A", "NAME")});
    const auto cursor = store->query(
        "SELECT published || ' ' || run_id || ' ' || kind || ' ' || isin || ' ' || venue || ' ' || "
        "at"
        " FROM change ORDER BY run_source_id, isin",
        {});
    std::vector<std::string> rows;
    while (cursor->next()) {
        rows.emplace_back(cursor->text(0));
    }
    CHECK(rows == std::vector<std::string>{
                      day(1) + " run-1 added US0000000001 A " + day(1),
                      day(2) + " run-2 changed US0000000001 B " + day(2),
                      day(2) + " run-2 added US0000000002 A " + day(2),
                      day(3) + " run-3 removed US0000000001 B " + day(3),
                      day(3) + " run-3 cosmetic US0000000002 A " + day(3),
                  });
}

TEST_CASE_METHOD(SchemaFixture,
                 "look-ups use the indexes, and only differences are sorted",
                 "[store][schema]") {
    struct PlanCase {
        const char* sql;
        const char* index;
    };
    const auto row = GENERATE(values<PlanCase>({
        {"SELECT * FROM listing WHERE source_id = 1 AND closed_run IS NULL"
         " AND (isin, venue) > ('x', 'y') ORDER BY isin, venue LIMIT 1000",
         "listing_current_key (source_id=? AND (isin,venue)>(?,?))"},
        {"UPDATE listing SET superseded = 'x' WHERE source_id = 1 AND isin = 'x' AND venue = 'y'"
         " AND closed_run IS NULL",
         "listing_current_key (source_id=? AND isin=? AND venue=?)"},
        {"SELECT * FROM instrument WHERE isin = 'x'", "(isin=?"},
        {"SELECT * FROM listing WHERE source_id = 1 AND closed_run IS NULL"
         " ORDER BY isin, source_id, venue, added_run",
         "listing_current_key (source_id=?)"},
        {"SELECT * FROM listing WHERE source_id = 1 AND +added_run <= 4"
         " AND (closed_run IS NULL OR closed_run > 4) ORDER BY isin, source_id, venue, added_run",
         "SCAN listing USING INDEX listing_key"},
        {"SELECT * FROM listing WHERE source_id = 1 AND added_run <= 4 AND closed_run > 4"
         " AND closed_run <= 5 ORDER BY isin, source_id, venue",
         "listing_closed (closed_run>? AND closed_run<?)"},
        {"SELECT * FROM listing WHERE source_id = 1 AND added_run > 4 AND added_run <= 5"
         " AND (closed_run IS NULL OR closed_run > 5) ORDER BY isin, source_id, venue",
         "listing_added (added_run>? AND added_run<?)"},
    }));
    CAPTURE(row.sql);
    const auto cursor = store->query(fmt::format("EXPLAIN QUERY PLAN {}", row.sql), {});
    std::string plan;
    while (cursor->next()) {
        plan += fmt::format("{}\n", cursor->text(3));
    }
    CHECK_THAT(plan, ContainsSubstring(row.index));
    const bool is_difference = std::string_view(row.index).find("_run>") != std::string_view::npos;
    CHECK((plan.find("TEMP B-TREE FOR ORDER BY") != std::string::npos) == is_difference);
}
