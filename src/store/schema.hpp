// The tables of the store, their numbered migrations, and who may read which.
#pragma once

#include "store/store.hpp"

#include <string>
#include <string_view>

namespace isinfetch {

/// The words in which backends differ. A backend without json_valid(text) brings one along.
struct Dialect {
    std::string_view id{};          ///< type of a single-column key that numbers itself
    std::string_view integer{};     ///< type of 64-bit integers
    std::string_view key_text{};    ///< type of text that sorts bytewise
    std::string_view table_end{};   ///< after the closing bracket of CREATE TABLE
    std::string_view has_schema{};  ///< query: a row when table schema_info is there
    std::string_view has_tables{};  ///< query: a row when there is any table
};

/// Writing: brings the schema up to schema_version(), one transaction per migration. Reading: only
/// looks. Throws Error{config} for a schema that is newer, for one that is too old to be read, and
/// for a database of another program; Error{gone} when there is nothing to be read. `where` is for
/// messages.
void prepare_schema(Connection& connection,
                    const Dialect& dialect,
                    StoreMode mode,
                    const std::string& where);

}  // namespace isinfetch
