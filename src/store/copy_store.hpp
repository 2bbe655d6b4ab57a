// Moves a whole store from one place to another, whatever the backends.
#pragma once

#include "store/store.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace isinfetch {

/// What was copied of one table.
struct CopiedTable {
    std::string name{};
    std::uint64_t rows = 0;
    std::string sha256{};  ///< of all values of all rows, read from the old store and from the new
};

/// Copies every row with its keys, in one transaction, and reads the new store again to compare.
/// `progress` is told of each table before it is read. Throws Error{usage} when the new store is
/// not empty, Error{io} when it does not hold what the old one holds.
std::vector<CopiedTable> copy_store(const StoreOptions& from,
                                    const StoreOptions& to,
                                    const std::function<void(std::string_view)>& progress);

/// Rows of each table, in the order of table_names().
std::vector<CopiedTable> count_rows(Connection& connection);

}  // namespace isinfetch
