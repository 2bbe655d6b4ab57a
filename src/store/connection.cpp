#include "store/connection.hpp"

#include "util/error.hpp"

namespace isinfetch {

Transaction::Transaction(Connection& connection) : connection_(connection) {
    connection_.script("BEGIN");
}

// Nothing useful can be done when ROLLBACK fails: the store has then rolled back by itself, or does
// so when the connection closes.
Transaction::~Transaction() {
    if (!open_) {
        return;
    }
    try {
        connection_.script("ROLLBACK");
    } catch (const Error&) {
        open_ = false;
    }
}

void Transaction::commit() {
    connection_.script("COMMIT");
    open_ = false;
}

std::optional<std::string> query_text(Connection& connection,
                                      std::string_view sql,
                                      std::span<const Parameter> parameters) {
    const auto cursor = connection.query(sql, parameters);
    if (!cursor->next()) {
        return std::nullopt;
    }
    return std::string(cursor->text(0));
}

std::optional<std::int64_t> query_integer(Connection& connection,
                                          std::string_view sql,
                                          std::span<const Parameter> parameters) {
    const auto cursor = connection.query(sql, parameters);
    if (!cursor->next()) {
        return std::nullopt;
    }
    return cursor->integer(0);
}

}  // namespace isinfetch
