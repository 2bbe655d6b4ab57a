#include "store/pg_location.hpp"
#include "store/postgres.hpp"
#include "store/schema.hpp"
#include "store/sqlite.hpp"
#include "store/sqlite_upkeep.hpp"
#include "store/store.hpp"
#include "util/error.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <array>

namespace isinfetch {

namespace {

constexpr std::string_view kSqlite = "sqlite:";

bool is_sqlite_location(std::string_view location) noexcept {
    return location.starts_with(kSqlite) && location.size() > kSqlite.size();
}

constexpr std::array kBackends{
    Backend{.name = "sqlite",
            .summary = "one SQLite file: sqlite:PATH",
            .knows = is_sqlite_location,
            .open = open_sqlite,
            .size = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size",
            .columns = "SELECT name, type = 'INTEGER' FROM pragma_table_info($1) ORDER BY name",
            .health = "PRAGMA quick_check(1)",
            .upkeep = {copy_sqlite, give_back_sqlite, inspect_sqlite}},
    Backend{.name = "postgresql",
            .summary = "a PostgreSQL database that hosts share: postgresql://HOST/DATABASE",
            .knows = is_postgres_location,
            .open = open_postgres,
            .size = "SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relkind = 'r'"
                    " AND relnamespace = current_schema()::regnamespace",
            .columns = "SELECT attname, atttypid = 'bigint'::regtype FROM pg_attribute"
                       " WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped"
                       " ORDER BY attname COLLATE \"C\"",
            .renumber = "SELECT setval(pg_get_serial_sequence('{table}', 'id'),"
                        " (SELECT coalesce(max(id), 0) + 1 FROM {table}), false)",
            .is_shared = true,
            .copied_with = "pg_dump(1)"},
};

std::string_view last_word(std::string_view text) noexcept {
    return text.substr(text.rfind(' ') + 1);
}

}  // namespace

std::span<const Backend> backends() noexcept {
    return kBackends;
}

const Backend* find_backend(std::string_view location) noexcept {
    const auto* const found = std::ranges::find_if(
        kBackends, [location](const Backend& backend) { return backend.knows(location); });
    return found == kBackends.end() ? nullptr : found;
}

std::string shown_store(const std::string& location) {
    const Backend& backend = backend_of(location);
    return backend.open == open_postgres ? shown_location(connection_text(location)) : location;
}

/// What is no location may hold a password all the same: only its beginning is shown.
const Backend& backend_of(const std::string& location) {
    const Backend* const backend = find_backend(location);
    if (backend == nullptr) {
        fail(ErrorKind::config,
             "store '{}': write {} or {}",
             printable(location.substr(0, location.find(':') + 1)),
             last_word(kBackends.front().summary),
             last_word(kBackends.back().summary));
    }
    return *backend;
}

std::unique_ptr<Connection> open_store(const StoreOptions& options) {
    return backend_of(options.location).open(options);
}

}  // namespace isinfetch
