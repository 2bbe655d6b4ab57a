#include "store/sqlite_handle.hpp"

#include "util/error.hpp"

#include <sqlite3.h>

#include <system_error>

namespace isinfetch {

namespace {

/// The library's text says nothing of the reason, which decides what is to be done.
[[noreturn]] void fail_unopened(const std::string& path,
                                const std::string& text,
                                sqlite3* database) {
    const int number = database != nullptr ? sqlite3_system_errno(database) : 0;
    if (number != 0) {
        fail_errno(number, fmt::format("{}: {}", path, text), ErrorKind::cannot_create);
    }
    fail(ErrorKind::cannot_create, "{}: {}", path, text);
}

}  // namespace

void close_sqlite(sqlite3* database) noexcept {
    sqlite3_close_v2(database);
}

void fail_sqlite(const std::string& path, sqlite3* database, int code) {
    const std::string text = database != nullptr ? sqlite3_errmsg(database) : sqlite3_errstr(code);
    switch (code & 0xFF) {
        case SQLITE_FULL:
            fail(ErrorKind::io, "{}: {}", path, text);
        case SQLITE_IOERR: {
            const int number = database != nullptr ? sqlite3_system_errno(database) : 0;
            fail(ErrorKind::io,
                 "{}: {} (SQLite {}): {}",
                 path,
                 text,
                 code,
                 std::generic_category().message(number));
        }
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            fail(ErrorKind::io,
                 "{}: damaged: restore a backup, or move it away to begin anew ({})",
                 path,
                 text);
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
        case SQLITE_PROTOCOL:
            fail(ErrorKind::temporary, "{}: another process is writing to the store", path);
        case SQLITE_READONLY:
        case SQLITE_PERM:
        case SQLITE_AUTH:
            fail(ErrorKind::permission, "{}: {}", path, text);
        case SQLITE_CANTOPEN:
            fail_unopened(path, text, database);
        case SQLITE_NOMEM:
            fail(ErrorKind::os, "{}: {}", path, text);
        case SQLITE_INTERRUPT:
            fail(ErrorKind::interrupted, "{}: {}", path, text);
        default:
            fail(ErrorKind::internal, "{}: {} (SQLite {})", path, text, code);
    }
}

}  // namespace isinfetch
