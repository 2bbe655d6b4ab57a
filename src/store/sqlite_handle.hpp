// An open SQLite database, and what its complaints mean. For the files of SQLite alone.
#pragma once

#include "util/handle.hpp"

#include <string>

struct sqlite3;

namespace isinfetch {

void close_sqlite(sqlite3* database) noexcept;

using SqliteDatabase = Handle<sqlite3, close_sqlite>;

/// Throws the Error that fits what `database` complained about last; `path` is for the message, and
/// `code` is what the library returned.
[[noreturn]] void fail_sqlite(const std::string& path, sqlite3* database, int code);

}  // namespace isinfetch
