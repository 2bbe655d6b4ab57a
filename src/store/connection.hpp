// A database connection, narrow enough for SQLite and PostgreSQL alike. SQL is written in the
// dialect that both understand, with parameters $1, $2 … A parameter that may be NULL takes its
// type from the column that it is given to.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace isinfetch {

/// NULL, an integer, or text. Text is a view: it must outlive the call it is given to.
using Parameter = std::variant<std::monostate, std::int64_t, std::string_view>;

/// Empty text as NULL.
inline Parameter or_null(std::string_view text) {
    return text.empty() ? Parameter{} : Parameter{text};
}

/// Rows of one query, one after the other.
class Cursor {
public:
    virtual ~Cursor() = default;

    /// Steps to the next row; false after the last. Begins before the first.
    virtual bool next() = 0;

    /// Columns count from 0. Text of NULL is empty; it is valid until next().
    virtual std::string_view text(int column) const = 0;

    /// Of NULL and of text: 0.
    virtual std::int64_t integer(int column) const = 0;
};

/// Rows for one table: all values of the first one in the order of the columns, then the next.
struct RowBatch {
    std::string_view table{};
    std::span<const std::string_view> columns{};
    std::span<const Parameter> values{};
};

class Connection {
public:
    virtual ~Connection() = default;

    /// For an answer that memory can hold. Wrong SQL may be found out only by Cursor::next().
    virtual std::unique_ptr<Cursor> query(std::string_view sql,
                                          std::span<const Parameter> parameters) = 0;

    /// Runs one statement; gives the number of rows that it changed.
    /// All throw Error{io} for a full disk or a damaged store, Error{temporary} when another
    /// process holds it too long or the server cannot be reached, Error{internal} for wrong SQL.
    virtual std::int64_t execute(std::string_view sql, std::span<const Parameter> parameters) = 0;

    /// Several statements without parameters or results: DDL, BEGIN, COMMIT.
    virtual void script(std::string_view sql) = 0;

    /// As query(), for an answer of any length: memory holds no more than a part of it. Nothing may
    /// be written until the cursor is gone, unless a transaction is open.
    virtual std::unique_ptr<Cursor> stream(std::string_view sql,
                                           std::span<const Parameter> parameters) = 0;

    /// Adds rows, as quickly as the backend can.
    virtual void insert(const RowBatch& rows);

    /// Whether the next transaction fills an empty store, with nothing in it yet that others could
    /// read meanwhile. Not within a transaction.
    virtual void expect_first_load(bool is_first) = 0;
};

/// Around a transaction that is to bring so many listings: quicker when there are none at all yet.
class FirstLoad {
public:
    FirstLoad(Connection& connection, std::uint64_t listings);
    FirstLoad(const FirstLoad&) = delete;
    FirstLoad& operator=(const FirstLoad&) = delete;
    ~FirstLoad();

private:
    Connection& connection_;
    bool is_first_;
};

/// Takes the write lock now; ROLLBACK at scope exit unless commit() came first.
class Transaction {
public:
    explicit Transaction(Connection& connection);
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    ~Transaction();

    void commit();

private:
    Connection& connection_;
    bool open_ = true;
};

/// The single value of a query, none without a row.
std::optional<std::string> query_text(Connection& connection,
                                      std::string_view sql,
                                      std::span<const Parameter> parameters = {});
std::optional<std::int64_t> query_integer(Connection& connection,
                                          std::string_view sql,
                                          std::span<const Parameter> parameters = {});

/// Runs "INSERT … RETURNING id"; gives the key of the one row.
std::int64_t insert_row(Connection& connection,
                        std::string_view sql,
                        std::span<const Parameter> parameters);

}  // namespace isinfetch
