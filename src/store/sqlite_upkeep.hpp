// What the file of an SQLite store needs now and then; see Upkeep.
#pragma once

#include "store/store.hpp"

namespace isinfetch {

void copy_sqlite(const StoreOptions& options,
                 int target,
                 const std::string& name,
                 const Check& check);

/// A file that was made without auto_vacuum keeps its free pages for what comes:
/// https://sqlite.org/pragma.html#pragma_auto_vacuum.
std::uint64_t give_back_sqlite(Connection& connection, const Check& check);

std::vector<std::string> inspect_sqlite(Connection& connection);

}  // namespace isinfetch
