#include "store/snapshot.hpp"

namespace isinfetch {

// A stream that is not at its end: of SQLite it keeps the transaction that reads, and a server's
// streams share one. Two rows, of which one is never read.
Snapshot::Snapshot(Connection& connection)
    : open_(connection.stream("SELECT version FROM schema_info UNION ALL SELECT 0", {})) {
    open_->next();
}

}  // namespace isinfetch
