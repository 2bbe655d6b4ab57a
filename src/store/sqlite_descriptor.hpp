// A database in a file that has no name: SQLite itself opens files by their names only.
#pragma once

#include "store/sqlite_handle.hpp"

#include <string>

namespace isinfetch {

/// Opens what is in the open file `descriptor`, to read and write, for a single connection: there
/// are no locks, and no journal. `name` is for messages. The descriptor has to outlive it. Throws
/// as fail_sqlite() does.
SqliteDatabase open_sqlite_descriptor(int descriptor, const std::string& name);

/// Marks a database as one with a write-ahead log or without, as PRAGMA journal_mode would; no
/// connection may be open. Source: https://sqlite.org/fileformat2.html §1.3.3. Throws Error{io}.
void mark_log(int descriptor, bool with_log, const std::string& name);

}  // namespace isinfetch
