#include "store/pg_location.hpp"

#include "store/store.hpp"
#include "support/catch.hpp"
#include "util/error.hpp"

#include <map>

using namespace isinfetch;

TEST_CASE("locations of PostgreSQL are shown without a password", "[store]") {
    struct Row {
        const char* location;
        const char* for_library;
        const char* shown;
    };
    const auto row = GENERATE(values<Row>({
        {"postgresql://u:abc@db:5433/isin?sslmode=verify-full",
         "postgresql://u:abc@db:5433/isin?sslmode=verify-full",
         "postgresql://db:5433/isin"},
        {"postgres://db/isin", "postgres://db/isin", "postgresql://db/isin"},
        {"postgresql:service=isin", "service=isin", "postgresql:service=isin"},
        {"service=isin", "service=isin", "postgresql:service=isin"},
        {"host=db password='a b' dbname=isin",
         "host=db password='a b' dbname=isin",
         "postgresql://db/isin"},
        {"postgresql:hostaddr=10.0.0.1", "hostaddr=10.0.0.1", "postgresql://10.0.0.1"},
        {"postgresql:///isin?host=/run/postgresql",
         "postgresql:///isin?host=/run/postgresql",
         "postgresql:///run/postgresql/isin"},
    }));
    CAPTURE(row.location);
    REQUIRE(is_postgres_location(row.location));
    CHECK(connection_text(row.location) == row.for_library);
    CHECK(shown_location(row.for_library) == row.shown);
    CHECK(shown_store(row.location) == row.shown);
}

TEST_CASE("other locations are none of PostgreSQL's", "[store]") {
    const std::string location =
        GENERATE("", "sqlite:/a=b", "isinfetch.db", "mysql://db/x", "/a=b");
    CAPTURE(location);
    CHECK_FALSE(is_postgres_location(location));
}

TEST_CASE("what the library cannot read is not repeated", "[store]") {
    const std::string location =
        GENERATE("host=db secret", "postgresql://u:secret@[x", "frob=secret");
    CAPTURE(location);
    CHECK_THROWS_WITH(open_store({.location = location}),
                      "store: not a location of PostgreSQL: see isinfetch.yaml(5)");
}

TEST_CASE("a location may override what is set, but not the password of a file", "[store]") {
    const PgSettings settings("host=db connect_timeout=3 password=a", "b");
    std::multimap<std::string, std::string> seen;
    std::string last;
    for (int i = 0; settings.names()[i] != nullptr; ++i) {
        last = settings.names()[i];
        seen.emplace(last, settings.values()[i]);
    }
    CHECK(last == "password");
    CHECK(seen.find("keepalives_idle")->second == "10");
    CHECK(seen.find("dbname")->second == "host=db connect_timeout=3 password=a");
    CHECK(settings.deadline() - std::chrono::steady_clock::now() < std::chrono::seconds(4));
}
