// The way to a PostgreSQL server: what owns the connection, and how it is made.
#pragma once

#include "util/secret.hpp"

#include <memory>
#include <string>

struct pg_conn;
struct pg_result;

namespace isinfetch {

struct PgCloser {
    void operator()(pg_conn* link) const noexcept;
    void operator()(pg_result* result) const noexcept;
};
using PgHandle = std::unique_ptr<pg_conn, PgCloser>;
using PgResult = std::unique_ptr<pg_result, PgCloser>;

/// Connects; no call over the connection waits by itself from then on. `where` is for messages.
/// Throws Error{permission} for a wrong password, Error{protocol} for what is wrong with TLS,
/// Error{config} for a location, database, pooler or encoding that will not do, else
/// Error{temporary}; and what Wait throws.
PgHandle connect_postgres(const std::string& location,
                          const Secret& password,
                          const std::string& where);

}  // namespace isinfetch
