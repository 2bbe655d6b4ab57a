#include "store/sqlite_handle.hpp"

#include "util/error.hpp"
#include "util/interrupt.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <system_error>
#include <utility>

namespace isinfetch {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLongestNap{50};
constexpr int kStepsBetween =
    1'000'000;  // some 20 ms; what records the end of a run takes far fewer

int last_error_of(sqlite3_file* file) {
    int number = 0;
    if (file != nullptr && file->pMethods != nullptr) {
        file->pMethods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &number);
    }
    return number;
}

/// Of what failed last: where the library has forgotten it, its files may know, the log before the
/// store itself.
int system_error_of(sqlite3* database) {
    int number = sqlite3_system_errno(database);
    for (const int which : {SQLITE_FCNTL_JOURNAL_POINTER, SQLITE_FCNTL_FILE_POINTER}) {
        sqlite3_file* file = nullptr;
        if (number == 0 && sqlite3_file_control(database, "main", which, &file) == SQLITE_OK) {
            number = last_error_of(file);
        }
    }
    return number;
}

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

SqliteDatabase open_sqlite_file(const std::string& path, int flags) {
    sqlite3* raw = nullptr;
    const int code = sqlite3_open_v2(path.c_str(), &raw, flags | SQLITE_OPEN_NOMUTEX, nullptr);
    SqliteDatabase database(raw);
    if (code != SQLITE_OK) {
        fail_sqlite(path, raw, code);
    }
    sqlite3_extended_result_codes(raw, 1);
    return database;
}

SqlitePatience::SqlitePatience(sqlite3* database, std::string path, milliseconds busy_timeout)
    : database_(database), path_(std::move(path)), busy_timeout_(busy_timeout) {
    sqlite3_busy_handler(database, on_busy, this);
    sqlite3_progress_handler(database, kStepsBetween, on_progress, this);
}

SqlitePatience::~SqlitePatience() {
    sqlite3_busy_handler(database_, nullptr, nullptr);
    sqlite3_progress_handler(database_, 0, nullptr, nullptr);
}

/// 0: try no more. No exception crosses SQLite: what ended the wait shows itself again.
int SqlitePatience::on_busy(void* self, int count) noexcept {
    auto& patience = *static_cast<SqlitePatience*>(self);
    try {
        if (count == 0) {
            patience.wait_.emplace(patience.path_ + ": waiting for another process that writes",
                                   patience.busy_timeout_,
                                   WaitPurpose::store);
        }
        const milliseconds time(std::int64_t{1} << std::min(count, 6));
        return patience.wait_->nap(std::min(time, kLongestNap)) ? 1 : 0;
    } catch (const std::exception&) {
        return 0;
    }
}

int SqlitePatience::on_progress(void* /*self*/) noexcept {
    return interrupting_signal() != 0 ? 1 : 0;
}

void fail_sqlite(const std::string& path, sqlite3* database, int code) {
    const std::string text = database != nullptr ? sqlite3_errmsg(database) : sqlite3_errstr(code);
    switch (code & 0xFF) {
        case SQLITE_FULL:
            fail(ErrorKind::io, "{}: {}", path, text);
        case SQLITE_IOERR: {
            const int number = database != nullptr ? system_error_of(database) : 0;
            const std::string cause =
                number != 0 ? ": " + std::generic_category().message(number) : "";
            fail(ErrorKind::io, "{}: {} (SQLite {}){}", path, text, code, cause);
        }
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            fail(ErrorKind::io,
                 "{}: damaged: restore a backup, or move it away to begin anew ({})",
                 path,
                 text);
        case SQLITE_BUSY:
            stop_if_interrupted();
            [[fallthrough]];
        case SQLITE_LOCKED:
        case SQLITE_PROTOCOL:
            fail(ErrorKind::temporary, "{}: another process is writing to the store", path);
        case SQLITE_READONLY:
            // A list is written without the log only into a store that has none yet.
            if (code == SQLITE_READONLY_ROLLBACK) {
                fail(
                    ErrorKind::gone,
                    "{}: nothing is stored yet: the first run was ended before its list was whole: "
                    "run 'isinfetch run' again",
                    path);
            }
            [[fallthrough]];
        case SQLITE_PERM:
        case SQLITE_AUTH:
            fail(ErrorKind::permission, "{}: {}", path, text);
        case SQLITE_CANTOPEN:
            fail_unopened(path, text, database);
        case SQLITE_NOMEM:
            fail(ErrorKind::os, "{}: {}", path, text);
        case SQLITE_INTERRUPT:
            stop_if_interrupted();
            fail(ErrorKind::interrupted, "{}: {}", path, text);
        default:
            fail(ErrorKind::internal, "{}: {} (SQLite {})", path, text, code);
    }
}

}  // namespace isinfetch
