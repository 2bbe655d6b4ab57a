#include "store/connection.hpp"

#include "util/error.hpp"

namespace isinfetch {

namespace {

constexpr std::uint64_t kWorthIt = 100'000;

}  // namespace

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

// Of a small list nothing would be gained.
FirstLoad::FirstLoad(Connection& connection, std::uint64_t listings)
    : connection_(connection),
      is_first_(listings >= kWorthIt &&
                !query_integer(connection, "SELECT 1 FROM listing LIMIT 1")) {
    if (is_first_) {
        connection_.expect_first_load(true);
    }
}

// The next who opens the store sees to what could not be done here.
FirstLoad::~FirstLoad() {
    if (!is_first_) {
        return;
    }
    try {
        connection_.expect_first_load(false);
    } catch (const Error&) {
        is_first_ = false;
    }
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
