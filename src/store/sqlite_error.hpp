// What SQLite complains about, as Error.
#pragma once

#include <string>

struct sqlite3;

namespace isinfetch {

/// Throws the Error that fits what `database` complained about last; `code` is what the call gave.
[[noreturn]] void fail_sqlite(const std::string& path, sqlite3* database, int code);

}  // namespace isinfetch
