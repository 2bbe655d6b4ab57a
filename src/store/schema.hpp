// The tables of the store, their numbered migrations, and who may read which.
#pragma once

#include "store/store.hpp"

#include <span>
#include <string>
#include <string_view>

namespace isinfetch {

/// The words in which backends differ. Both have json_valid(text); store_time(seconds), the time of
/// the store's own clock, so many seconds from now, RFC 3339 in UTC; mark_writer(source), which
/// notes that the transaction writes the list of a source, by its id; and end_writers(source),
/// which ends all other sessions within such transactions.
struct Dialect {
    std::string_view id{};          ///< type of a single-column key that numbers itself
    std::string_view integer{};     ///< type of 64-bit integers
    std::string_view text{};        ///< type of text; sorts bytewise
    std::string_view table_end{};   ///< after the closing bracket of CREATE TABLE
    std::string_view has_schema{};  ///< query: a row when table schema_info is there
    std::string_view has_tables{};  ///< query: a row when there are tables already
    std::string_view
        lock_schema{};             ///< query: locks out other migrations until the transaction ends
    std::string_view functions{};  ///< script: makes the functions that the backend lacks
    std::string_view writer_functions{};  ///< script: the same for mark_writer() and end_writers()
    std::string_view listing_layout{};    ///< script: how pages of table listing are filled
};

/// All tables but schema_info, those first that others refer to.
std::span<const std::string_view> table_names() noexcept;

/// Writing: brings the schema up to schema_version(), one transaction per migration. Reading: only
/// looks. Throws Error{config} for a schema that is newer, for one that is too old to be read, and
/// for a database of another program; Error{gone} when there is nothing to be read. `where` is for
/// messages.
void prepare_schema(Connection& connection,
                    const Dialect& dialect,
                    StoreMode mode,
                    const std::string& where);

}  // namespace isinfetch
