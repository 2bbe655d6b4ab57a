// An open SQLite database, and what its complaints mean. For the files of SQLite alone.
#pragma once

#include "util/handle.hpp"

#include <sqlite3.h>

#include <string>

namespace isinfetch {

using SqliteDatabase = Handle<sqlite3, sqlite3_close_v2>;

/// Throws the Error that fits what `database` complained about last; `path` is for the message, and
/// `code` is what the library returned.
[[noreturn]] void fail_sqlite(const std::string& path, sqlite3* database, int code);

}  // namespace isinfetch
