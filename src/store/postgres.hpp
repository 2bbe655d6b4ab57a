// The store in a PostgreSQL database, for several hosts. Home of libpq.
#pragma once

#include "store/store.hpp"

#include <memory>

namespace isinfetch {

/// Opens a location as is_postgres_location() knows them. The tables lie in the first schema of the
/// search path. Works through poolers that give every transaction another session. Outside of a
/// transaction a lost connection is made anew; inside, it is Error{temporary}. "BEGIN" waits for no
/// lock: what is read and then written on must be locked by an UPDATE first.
std::unique_ptr<Connection> open_postgres(const StoreOptions& options);

}  // namespace isinfetch
