// A store of a test's own: an SQLite file, or a schema of the PostgreSQL database that
// ISINFETCH_TEST_POSTGRES names (see store/postgres_contract.py).
#pragma once

#include "store/store.hpp"
#include "support/temp_dir.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <memory>
#include <string>

namespace isinfetch::test {

inline std::string postgres_under_test() {
    const char* location = std::getenv("ISINFETCH_TEST_POSTGRES");
    return location != nullptr ? location : "";
}

class TestStore {
public:
    explicit TestStore(const TempDir& directory) {
        static int count = 0;
        const std::string postgres = postgres_under_test();
        if (postgres.empty()) {
            location_ = "sqlite:" + (directory / "isinfetch.db").string();
            return;
        }
        schema_ = fmt::format("t_{}_{}", ::getpid(), ++count);
        location_ = fmt::format("{} options='-c search_path={}'", postgres, schema_);
        open_store({.location = schema_location()})->script("CREATE SCHEMA " + schema_);
    }
    TestStore(const TestStore&) = delete;
    TestStore& operator=(const TestStore&) = delete;
    ~TestStore() {
        if (!schema_.empty()) {
            open_store({.location = schema_location()})
                ->script(fmt::format("DROP SCHEMA {} CASCADE", schema_));
        }
    }

    bool is_postgres() const noexcept { return !schema_.empty(); }
    const std::string& location() const noexcept { return location_; }

private:
    /// Of a store that is only there to make and drop the others.
    static std::string schema_location() { return postgres_under_test(); }

    std::string schema_{};
    std::string location_{};
};

}  // namespace isinfetch::test
