#include "store/copy_store.hpp"

#include "store/row_weight.hpp"
#include "store/schema.hpp"
#include "util/digest.hpp"
#include "util/error.hpp"
#include "util/interrupt.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <utility>

namespace isinfetch {

namespace {

constexpr std::size_t kRowsWritten = 512;  // at once
constexpr std::uint64_t kManyRows = 1'000'000'000;

struct Column {
    std::string name{};
    bool is_number = false;
};

/// The columns of a table by name, so that both stores have them in one order.
std::vector<Column> columns_of(Connection& connection,
                               const Backend& backend,
                               std::string_view table) {
    const std::array<Parameter, 1> parameters{table};
    const auto cursor = connection.query(backend.columns, parameters);
    std::vector<Column> columns;
    while (cursor->next()) {
        columns.push_back({std::string(cursor->text(0)), cursor->integer(1) != 0});
    }
    return columns;
}

/// Values behind an equals sign, so that an empty text and NULL are told apart.
std::string select_text(std::string_view table, const std::vector<Column>& columns) {
    std::string text;
    for (const Column& column : columns) {
        text += fmt::format("{}coalesce('=' || {}, '')", text.empty() ? "" : ", ", column.name);
    }
    return fmt::format("SELECT {} FROM {} ORDER BY id", text, table);
}

/// Rows of one table, as texts, and their digest.
class TableReader {
public:
    TableReader(Connection& connection, const Backend& backend, std::string_view table)
        : columns_(columns_of(connection, backend, table)),
          cursor_(connection.stream(select_text(table, columns_), {})),
          copied_{.name = std::string(table)} {}

    bool next(std::vector<std::string>& values) {
        if (!cursor_->next()) {
            return false;
        }
        if (++copied_.rows % kRowsWritten == 0) {
            stop_if_interrupted();
        }
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            const std::string_view text = cursor_->text(static_cast<int>(i));
            digest_.update(text);
            digest_.update(std::string_view("\0", 1));
            values.emplace_back(text);
            bytes_ += text.size();
        }
        return true;
    }

    /// Since the last time that this was asked for.
    std::size_t take_bytes() noexcept { return std::exchange(bytes_, 0); }

    const std::vector<Column>& columns() const noexcept { return columns_; }

    CopiedTable finish() {
        copied_.sha256 = digest_.hex();
        return copied_;
    }

private:
    std::vector<Column> columns_;
    std::unique_ptr<Cursor> cursor_;
    Digest digest_{Digest::Algorithm::sha256};
    CopiedTable copied_;
    std::size_t bytes_ = 0;
};

Parameter parameter_of(const std::string& value, const Column& column) {
    if (value.empty()) {
        return {};
    }
    const std::string_view text = std::string_view(value).substr(1);
    if (!column.is_number) {
        return text;
    }
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

void write_rows(Connection& to,
                const TableReader& reader,
                std::string_view table,
                const std::vector<std::string>& values) {
    const std::vector<Column>& columns = reader.columns();
    std::vector<std::string_view> names;
    names.reserve(columns.size());
    for (const Column& column : columns) {
        names.emplace_back(column.name);
    }
    std::vector<Parameter> parameters;
    parameters.reserve(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        parameters.push_back(parameter_of(values[i], columns[i % columns.size()]));
    }
    to.insert({.table = table, .columns = names, .values = parameters});
}

CopiedTable copy_table(Connection& from,
                       const Backend& backend,
                       std::string_view table,
                       Connection& to) {
    TableReader reader(from, backend, table);
    std::vector<std::string> values;
    const std::size_t full = kRowsWritten * reader.columns().size();
    std::size_t bytes = 0;
    while (reader.next(values)) {
        bytes += reader.take_bytes();
        if (values.size() == full || bytes >= kBatchBytes) {
            write_rows(to, reader, table, values);
            values.clear();
            bytes = 0;
        }
    }
    if (!values.empty()) {
        write_rows(to, reader, table, values);
    }
    return reader.finish();
}

void compare_table(Connection& to, const Backend& backend, const CopiedTable& copied) {
    TableReader reader(to, backend, copied.name);
    std::vector<std::string> values;
    while (reader.next(values)) {
        values.clear();
    }
    const CopiedTable found = reader.finish();
    if (found.sha256 != copied.sha256) {
        fail(ErrorKind::io,
             "table {}: {} rows were copied, but {} others are there: nothing was committed",
             copied.name,
             copied.rows,
             found.rows);
    }
}

void refuse_full(Connection& to, const std::string& location) {
    for (const std::string_view table : table_names()) {
        if (query_integer(to, fmt::format("SELECT 1 FROM {} LIMIT 1", table))) {
            fail(ErrorKind::usage,
                 "{}: not empty: table {} has rows; copy into a new store",
                 shown_store(location),
                 table);
        }
    }
}

}  // namespace

std::vector<CopiedTable> copy_store(const StoreOptions& from,
                                    const StoreOptions& to,
                                    const std::function<void(std::string_view)>& progress) {
    const auto old_store = open_store(from);
    const auto new_store = open_store(to);
    const Backend& old_backend = *find_backend(from.location);
    const Backend& new_backend = *find_backend(to.location);
    refuse_full(*new_store, to.location);
    // Open until the end, so that all tables are read as they were at one moment.
    const auto moment = old_store->stream("SELECT version FROM schema_info", {});
    moment->next();
    const FirstLoad first(*new_store, kManyRows);
    Transaction transaction(*new_store);
    std::vector<CopiedTable> copied;
    for (const std::string_view table : table_names()) {
        progress(table);
        copied.push_back(copy_table(*old_store, old_backend, table, *new_store));
        compare_table(*new_store, new_backend, copied.back());
        if (!new_backend.renumber.empty()) {
            const auto done = new_store->query(
                fmt::format(fmt::runtime(new_backend.renumber), fmt::arg("table", table)), {});
            done->next();
        }
    }
    transaction.commit();
    return copied;
}

std::vector<CopiedTable> count_rows(Connection& connection) {
    std::vector<CopiedTable> tables;
    for (const std::string_view table : table_names()) {
        const auto rows = query_integer(connection, fmt::format("SELECT count(*) FROM {}", table));
        tables.push_back(
            {.name = std::string(table), .rows = static_cast<std::uint64_t>(rows.value_or(0))});
    }
    return tables;
}

}  // namespace isinfetch
