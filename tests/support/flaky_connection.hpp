// A store whose connection is lost when a test says so.
#pragma once

#include "store/connection.hpp"

#include <functional>
#include <memory>
#include <string_view>

namespace isinfetch::test {

/// Passes everything on. What the two functions throw is what became of the call: the one before
/// keeps it from the store, the one after loses the answer.
class FlakyConnection final : public Connection {
public:
    explicit FlakyConnection(Connection& store) : store_(store) {}

    std::unique_ptr<Cursor> query(std::string_view sql,
                                  std::span<const Parameter> parameters) override {
        before(sql);
        auto cursor = store_.query(sql, parameters);
        after(sql);
        return cursor;
    }
    std::unique_ptr<Cursor> stream(std::string_view sql,
                                   std::span<const Parameter> parameters) override {
        before(sql);
        return store_.stream(sql, parameters);
    }
    std::int64_t execute(std::string_view sql, std::span<const Parameter> parameters) override {
        before(sql);
        const std::int64_t rows = store_.execute(sql, parameters);
        after(sql);
        return rows;
    }
    void script(std::string_view sql) override {
        before(sql);
        store_.script(sql);
        after(sql);
    }
    void insert(const RowBatch& rows) override { store_.insert(rows); }
    void expect_first_load(bool is_first) override { store_.expect_first_load(is_first); }

    std::function<void(std::string_view sql)> before = [](std::string_view) {};
    std::function<void(std::string_view sql)> after = [](std::string_view) {};

private:
    Connection& store_;
};

}  // namespace isinfetch::test
