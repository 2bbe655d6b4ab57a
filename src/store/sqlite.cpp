#include "store/sqlite.hpp"

#include "store/schema.hpp"
#include "store/sqlite_descriptor.hpp"
#include "store/sqlite_file.hpp"
#include "store/sqlite_handle.hpp"
#include "util/error.hpp"
#include "util/time.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace isinfetch {

namespace {

constexpr std::size_t kStatementsKept = 64;
constexpr int kStatementJournal = 16 * 1024 * 1024;  // bytes

constexpr Dialect kDialect{
    .id = "INTEGER PRIMARY KEY",
    .integer = "INTEGER",
    .text = "TEXT",
    .table_end = " STRICT",
    .has_schema = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'schema_info'",
    .has_tables = "SELECT 1 FROM sqlite_master WHERE type = 'table' LIMIT 1",
};

/// A prepared statement; slots[n - 1] is what SQLite calls the index of parameter $n.
struct Statement {
    Handle<sqlite3_stmt, sqlite3_finalize> handle{};
    std::vector<int> slots{};
};

using Statements = std::map<std::string, Statement, std::less<>>;

/// SQLite takes "$2" for a name: the order of first appearance numbers it. To look names up at
/// every use would cost a search through all of them.
std::vector<int> find_slots(sqlite3_stmt* statement) {
    std::vector<int> slots;
    const int count = sqlite3_bind_parameter_count(statement);
    for (int index = 1; index <= count; ++index) {
        const char* name = sqlite3_bind_parameter_name(statement, index);
        const std::string_view digits = name != nullptr ? std::string_view(name).substr(1) : "";
        std::size_t number = 0;
        std::from_chars(digits.data(), digits.data() + digits.size(), number);
        if (number == 0) {
            fail(ErrorKind::internal, "statement: parameter {} is not of the form $n", index);
        }
        slots.resize(std::max(slots.size(), number));
        slots[number - 1] = index;
    }
    return slots;
}

class SqliteConnection final : public Connection {
public:
    SqliteConnection(std::string path, SqliteDatabase opened, const StoreOptions& options);

    std::unique_ptr<Cursor> query(std::string_view sql,
                                  std::span<const Parameter> parameters) override;
    std::unique_ptr<Cursor> stream(std::string_view sql,
                                   std::span<const Parameter> parameters) override {
        return query(sql, parameters);
    }
    std::int64_t execute(std::string_view sql, std::span<const Parameter> parameters) override;
    void script(std::string_view sql) override;

    void expect_first_load(bool is_first) override;

    /// Without its log beside it, a store cannot be read by who may not write there.
    void keep_journal(bool keep = true);
    void use_log();

    /// A statement to be given back.
    Statements::node_type take(std::string_view sql);
    void give_back(Statements::node_type statement);

    /// True while there is a row.
    bool step(sqlite3_stmt* statement) const;

    [[noreturn]] void fail_with(int code) const { fail_sqlite(path_, database_.get(), code); }

private:
    std::string path_;
    mode_t mode_;
    SqliteDatabase database_;
    std::optional<SqlitePatience> patience_{};
    Statements idle_{};
};

/// A statement while it is in use: given back reset, without parameters.
class Borrowed {
public:
    Borrowed(SqliteConnection& owner, std::string_view sql)
        : owner_(owner), node_(owner.take(sql)) {}
    Borrowed(const Borrowed&) = delete;
    Borrowed& operator=(const Borrowed&) = delete;
    ~Borrowed() { owner_.give_back(std::move(node_)); }

    sqlite3_stmt* get() const { return node_.mapped().handle.get(); }

    /// Text is not copied. NULL is what an unbound parameter is already.
    void bind(std::span<const Parameter> parameters) {
        const std::vector<int>& slots = node_.mapped().slots;
        if (parameters.size() < slots.size()) {
            fail(ErrorKind::internal,
                 "statement: {} parameters given, {} expected: {}",
                 parameters.size(),
                 slots.size(),
                 node_.key());
        }
        for (std::size_t i = 0; i < slots.size(); ++i) {
            if (slots[i] != 0) {
                bind_one(slots[i], parameters[i]);
            }
        }
    }

    bool step() { return owner_.step(get()); }

private:
    void bind_one(int slot, const Parameter& parameter) {
        int code = SQLITE_OK;
        if (const auto* number = std::get_if<std::int64_t>(&parameter)) {
            code = sqlite3_bind_int64(get(), slot, *number);
        } else if (const auto* text = std::get_if<std::string_view>(&parameter)) {
            const char* data = text->data() != nullptr ? text->data() : "";
            code = sqlite3_bind_text64(get(), slot, data, text->size(), nullptr, SQLITE_UTF8);
        }
        if (code != SQLITE_OK) {
            owner_.fail_with(code);
        }
    }

    SqliteConnection& owner_;
    Statements::node_type node_;
};

class SqliteCursor final : public Cursor {
public:
    SqliteCursor(SqliteConnection& owner,
                 std::string_view sql,
                 std::span<const Parameter> parameters)
        : parameters_(parameters.begin(), parameters.end()), statement_(owner, sql) {
        texts_.reserve(parameters_.size());
        for (Parameter& parameter : parameters_) {
            if (auto* text = std::get_if<std::string_view>(&parameter)) {
                *text = texts_.emplace_back(*text);
            }
        }
        statement_.bind(parameters_);
    }

    // Another step after the last row would run the statement again.
    bool next() override { return more_ = more_ && statement_.step(); }

    std::string_view text(int column) const override {
        const void* text = sqlite3_column_text(statement_.get(), column);
        if (text == nullptr) {
            return {};
        }
        // After the text, which may have to be made first: sqlite.org/c3ref/column_blob.html.
        const int bytes = sqlite3_column_bytes(statement_.get(), column);
        return {static_cast<const char*>(text), static_cast<std::size_t>(bytes)};
    }

    std::int64_t integer(int column) const override {
        return sqlite3_column_type(statement_.get(), column) == SQLITE_INTEGER
                   ? sqlite3_column_int64(statement_.get(), column)
                   : 0;
    }

private:
    std::vector<Parameter> parameters_;
    std::vector<std::string> texts_{};  // what parameters_ views: the caller's may be gone
    Borrowed statement_;
    bool more_ = true;
};

/// store_time(seconds); see Dialect.
void store_time(sqlite3_context* context, int, sqlite3_value** arguments) {
    const std::chrono::seconds ahead(sqlite3_value_int64(arguments[0]));
    const std::string text = format_time(now() + ahead);
    sqlite3_result_text(context, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
}

/// mark_writer(source), end_writers(source): one writer, and the kernel ends the locks of the dead.
void no_writers(sqlite3_context* context, int, sqlite3_value**) {
    sqlite3_result_int(context, 0);
}

SqliteConnection::SqliteConnection(std::string path,
                                   SqliteDatabase opened,
                                   const StoreOptions& options)
    : path_(std::move(path)), mode_(options.file_mode), database_(std::move(opened)) {
    sqlite3* const database = database_.get();
    sqlite3_create_function(
        database, "store_time", 1, SQLITE_UTF8, nullptr, store_time, nullptr, nullptr);
    for (const char* name : {"mark_writer", "end_writers"}) {
        sqlite3_create_function(
            database, name, 1, SQLITE_UTF8, nullptr, no_writers, nullptr, nullptr);
    }
    patience_.emplace(database, path_, options.busy_timeout);
}

Statements::node_type SqliteConnection::take(std::string_view sql) {
    if (const auto found = idle_.find(sql); found != idle_.end()) {
        return idle_.extract(found);
    }
    sqlite3_stmt* raw = nullptr;
    const int code = sqlite3_prepare_v3(database_.get(),
                                        sql.data(),
                                        static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT,
                                        &raw,
                                        nullptr);
    Statement statement{.handle = Handle<sqlite3_stmt, sqlite3_finalize>(raw)};
    if (code != SQLITE_OK) {
        fail_with(code);
    }
    statement.slots = find_slots(raw);
    Statements made;
    return made.extract(made.emplace(sql, std::move(statement)).first);
}

void SqliteConnection::give_back(Statements::node_type statement) {
    sqlite3_reset(statement.mapped().handle.get());
    sqlite3_clear_bindings(statement.mapped().handle.get());
    if (idle_.size() < kStatementsKept) {
        idle_.insert(std::move(statement));
    }
}

bool SqliteConnection::step(sqlite3_stmt* statement) const {
    const int code = sqlite3_step(statement);
    if (code != SQLITE_ROW && code != SQLITE_DONE) {
        fail_with(code);
    }
    return code == SQLITE_ROW;
}

std::unique_ptr<Cursor> SqliteConnection::query(std::string_view sql,
                                                std::span<const Parameter> parameters) {
    return std::make_unique<SqliteCursor>(*this, sql, parameters);
}

std::int64_t SqliteConnection::execute(std::string_view sql,
                                       std::span<const Parameter> parameters) {
    Borrowed statement(*this, sql);
    statement.bind(parameters);
    while (statement.step()) {
    }
    return sqlite3_changes64(database_.get());
}

void SqliteConnection::script(std::string_view sql) {
    const std::string text(sql == "BEGIN" ? "BEGIN IMMEDIATE" : sql);
    const int code = sqlite3_exec(database_.get(), text.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) {
        fail_with(code);
    }
}

// What is new in the file need not go through the write-ahead log, where it would be written twice.
// With others at the store, SQLite refuses, and the log it is. What a merge inserts it has made
// itself, with keys that it has just inserted: checking that again for each row takes a tenth.
void SqliteConnection::expect_first_load(bool is_first) {
    constexpr const char* kFirst =
        "PRAGMA journal_mode = TRUNCATE;"
        "PRAGMA foreign_keys = OFF;"
        "PRAGMA ignore_check_constraints = ON";
    constexpr const char* kOthers =
        "PRAGMA foreign_keys = ON;"
        "PRAGMA ignore_check_constraints = OFF";
    if (is_first) {
        keep_journal(false);
    }
    sqlite3_exec(database_.get(), is_first ? kFirst : kOthers, nullptr, nullptr, nullptr);
    if (!is_first) {
        use_log();
    }
}

// The files of the log come while nobody else is at the store: whoever finds them uses them from
// the next transaction on. SQLite alone would leave a moment in which they are missing.
void SqliteConnection::use_log() {
    if (query_text(*this, "PRAGMA journal_mode") != "wal") {
        script("BEGIN EXCLUSIVE");
        make_log_files(path_, mode_);
        script("COMMIT");
        script("PRAGMA journal_mode = WAL");
    }
    keep_journal();
}

void SqliteConnection::keep_journal(bool keep) {
    int on = keep ? 1 : 0;
    const int code = sqlite3_file_control(database_.get(), "main", SQLITE_FCNTL_PERSIST_WAL, &on);
    if (code != SQLITE_OK) {
        fail_with(code);
    }
}

[[noreturn]] void fail_absent(const std::string& path) {
    fail(ErrorKind::gone, "{}: no store yet: run 'isinfetch run' first", path);
}

// Only while the file is empty: free pages can then be given back, and pages of 8192 bytes are a
// quarter quicker than those of 4096. There is nothing yet that a journal could save.
constexpr const char* kNewFile =
    "PRAGMA journal_mode = OFF;"
    "PRAGMA synchronous = OFF;"
    "PRAGMA page_size = 8192;"
    "PRAGMA auto_vacuum = INCREMENTAL;"
    "PRAGMA foreign_keys = ON";

void make_file(const std::string& path, const StoreOptions& options) {
    make_store_file(path, options.file_mode, options.busy_timeout, [&](int descriptor) {
        SqliteConnection connection(path, open_sqlite_descriptor(descriptor, path), options);
        connection.script(kNewFile);
        prepare_schema(connection, kDialect, StoreMode::read_write, path);
    });
}

void look_for_file(const std::string& path) {
    std::error_code error;
    const auto size = std::filesystem::file_size(path, error);
    if (error == std::errc::no_such_file_or_directory || (!error && size == 0)) {
        fail_absent(path);
    }
}

/// Settings of a connection, not of the file, but for the journal's.
void configure(SqliteConnection& connection, const StoreOptions& options) {
    connection.script(
        fmt::format("PRAGMA cache_size = -{};"
                    "PRAGMA temp_store = FILE;"
                    "PRAGMA foreign_keys = ON",
                    options.cache_bytes / 1024));
    // The first look into the file: one that is damaged or no database is found out here.
    query_integer(connection, "SELECT count(*) FROM sqlite_master");
    if (options.mode == StoreMode::read_write) {
        connection.use_log();
        connection.script(
            "PRAGMA synchronous = FULL;"
            "PRAGMA journal_size_limit = 16777216");
    }
}

// What SQLite keeps to undo a single statement goes into a file when it is longer than that, 64 KiB
// by default; and then for the rest of the transaction, although later ones are short: a merge of
// 760,000 events wrote 10 GB so.
void prepare_library() {
    static std::once_flag once;
    std::call_once(once, [] { sqlite3_config(SQLITE_CONFIG_STMTJRNL_SPILL, kStatementJournal); });
}

std::unique_ptr<Connection> open_file(const std::string& path, const StoreOptions& options) {
    const int access = options.mode == StoreMode::read_only
                           ? SQLITE_OPEN_READONLY
                           : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    auto connection =
        std::make_unique<SqliteConnection>(path, open_sqlite_file(path, access), options);
    configure(*connection, options);
    prepare_schema(*connection, kDialect, options.mode, path);
    return connection;
}

}  // namespace

std::unique_ptr<Connection> open_sqlite(const StoreOptions& options) {
    const std::string path = options.location.substr(options.location.find(':') + 1);
    prepare_library();
    if (options.mode == StoreMode::read_write) {
        make_file(path, options);
        return open_file(path, options);
    }
    look_for_file(path);
    try {
        return open_file(path, options);
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::config && is_without_list(path)) {
            fail_absent(path);
        }
        throw;
    }
}

}  // namespace isinfetch
