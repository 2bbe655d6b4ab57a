// An open SQLite database, and what its complaints mean. For the files of SQLite alone.
#pragma once

#include "util/handle.hpp"
#include "util/wait.hpp"

#include <chrono>
#include <optional>
#include <string>

struct sqlite3;

namespace isinfetch {

void close_sqlite(sqlite3* database) noexcept;

using SqliteDatabase = Handle<sqlite3, close_sqlite>;

/// Opens a file by its name; `flags` as sqlite3_open_v2() has them. Throws as fail_sqlite() does.
SqliteDatabase open_sqlite_file(const std::string& path, int flags);

/// What a database does where it would have to wait for other processes, or works for long; as long
/// as the object lives. The database must live longer.
class SqlitePatience {
public:
    SqlitePatience(sqlite3* database, std::string path, std::chrono::milliseconds busy_timeout);
    SqlitePatience(const SqlitePatience&) = delete;
    SqlitePatience& operator=(const SqlitePatience&) = delete;
    ~SqlitePatience();

private:
    static int on_busy(void* self, int count) noexcept;
    static int on_progress(void* self) noexcept;

    sqlite3* database_;
    std::string path_;
    std::chrono::milliseconds busy_timeout_;
    std::optional<Wait> wait_{};
};

/// Throws the Error that fits what `database` complained about last; `path` is for the message, and
/// `code` is what the library returned.
[[noreturn]] void fail_sqlite(const std::string& path, sqlite3* database, int code);

}  // namespace isinfetch
