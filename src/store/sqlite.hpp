// The store in one SQLite file: the default backend. Home of SQLite.
#pragma once

#include "store/store.hpp"

#include <memory>

namespace isinfetch {

/// Opens "sqlite:PATH" as open_store() says. The file is made with mode 0644 whatever the umask,
/// and its journal files stay beside it, so that users who may not write there can read the store
/// (https://sqlite.org/wal.html#read_only_databases). A connection and its cursors belong to one
/// thread at a time; a cursor must not outlive its connection.
/// "BEGIN" takes the write lock at once: a transaction that begins by reading could not wait for
/// the lock at its first write (https://sqlite.org/lang_transaction.html).
std::unique_ptr<Connection> open_sqlite(const StoreOptions& options);

}  // namespace isinfetch
