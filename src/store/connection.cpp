#include "store/connection.hpp"

#include "util/error.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace isinfetch {

namespace {

constexpr std::uint64_t kWorthIt = 100'000;
constexpr std::size_t kRowsPerStatement = 64;  // more is hardly faster

/// "INSERT INTO t (a, b) VALUES ($1, $2), ($3, $4)".
std::string insert_text(const RowBatch& batch, std::size_t rows) {
    std::string text =
        fmt::format("INSERT INTO {} ({}) VALUES ", batch.table, fmt::join(batch.columns, ", "));
    std::size_t number = 0;
    for (std::size_t row = 0; row < rows; ++row) {
        for (std::size_t column = 0; column < batch.columns.size(); ++column) {
            const std::string_view before = column > 0 ? ", $" : row > 0 ? "), ($" : "($";
            text += before;
            text += std::to_string(++number);
        }
    }
    return text + ')';
}

}  // namespace

void Connection::insert(const RowBatch& rows) {
    const std::size_t width = rows.columns.size();
    const std::size_t count = rows.values.size() / width;
    const std::size_t whole = count - count % kRowsPerStatement;
    const auto insert_rows = [&](std::size_t begin, std::size_t end, std::size_t at_once) {
        const std::string text = begin < end ? insert_text(rows, at_once) : "";
        for (std::size_t row = begin; row < end; row += at_once) {
            execute(text, rows.values.subspan(row * width, at_once * width));
        }
    };
    insert_rows(0, whole, kRowsPerStatement);
    insert_rows(whole, count, 1);
}

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

// To the end of the answer: only then is the statement done.
std::int64_t insert_row(Connection& connection,
                        std::string_view sql,
                        std::span<const Parameter> parameters) {
    const auto cursor = connection.query(sql, parameters);
    std::int64_t key = 0;
    while (cursor->next()) {
        key = cursor->integer(0);
    }
    return key;
}

}  // namespace isinfetch
