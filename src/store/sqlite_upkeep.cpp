#include "store/sqlite_upkeep.hpp"

#include "store/sqlite_handle.hpp"
#include "util/error.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <memory>

namespace isinfetch {

namespace {

constexpr int kPagesAtOnce = 2048;
constexpr int kIncremental = 2;  // PRAGMA auto_vacuum

SqliteDatabase open_file(const std::string& path, int flags) {
    sqlite3* raw = nullptr;
    const int code = sqlite3_open_v2(path.c_str(), &raw, flags | SQLITE_OPEN_NOMUTEX, nullptr);
    SqliteDatabase database(raw);
    if (code != SQLITE_OK) {
        fail_sqlite(path, raw, code);
    }
    sqlite3_extended_result_codes(raw, 1);
    return database;
}

void script(const std::string& path, sqlite3* database, const char* sql) {
    const int code = sqlite3_exec(database, sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) {
        fail_sqlite(path, database, code);
    }
}

using Copy = Handle<sqlite3_backup, sqlite3_backup_finish>;

/// Page by page: https://sqlite.org/c3ref/backup_finish.html. Errors of either file show at the
/// target.
void copy_pages(const std::string& target,
                sqlite3* from,
                sqlite3* to,
                const std::function<void()>& check) {
    const Copy copy(sqlite3_backup_init(to, "main", from, "main"));
    if (copy.get() == nullptr) {
        fail_sqlite(target, to, sqlite3_errcode(to));
    }
    int code = SQLITE_OK;
    while (code == SQLITE_OK) {
        check();
        code = sqlite3_backup_step(copy.get(), kPagesAtOnce);
    }
    if (code != SQLITE_DONE) {
        fail_sqlite(target, nullptr, code);
    }
}

int append_line(void* lines, int count, char** values, char** /*names*/) {
    if (count > 0 && values[0] != nullptr) {
        static_cast<std::string*>(lines)->append(values[0]).append("; ");
    }
    return 0;
}

void look_through(const std::string& target, sqlite3* database) {
    std::string lines;
    const int code = sqlite3_exec(database, "PRAGMA quick_check", append_line, &lines, nullptr);
    if (code != SQLITE_OK) {
        fail_sqlite(target, database, code);
    }
    if (lines != "ok; ") {
        fail(ErrorKind::io, "{}: the copy is damaged, as the store may be: {}", target, lines);
    }
}

}  // namespace

// The transaction keeps one moment of the store: what others write meanwhile goes to the log and
// does not make the copy begin anew. The copy needs no journal: it counts only once it is whole.
void copy_sqlite(const StoreOptions& options,
                 const std::filesystem::path& target,
                 const Check& check) {
    const std::string from = options.location.substr(options.location.find(':') + 1);
    const std::string& to = target.native();
    const SqliteDatabase source = open_file(from, SQLITE_OPEN_READONLY);
    const SqlitePatience patience(source.get(), from, options.busy_timeout);
    script(from, source.get(), "BEGIN; SELECT count(*) FROM sqlite_master");
    const SqliteDatabase copy = open_file(to, SQLITE_OPEN_READWRITE);
    script(to, copy.get(), "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF");
    copy_pages(to, source.get(), copy.get(), check);
    // One file, to be read where nobody can write.
    script(to, copy.get(), "PRAGMA journal_mode = DELETE");
    check();
    look_through(to, copy.get());
}

std::uint64_t give_back_sqlite(Connection& connection, const Check& check) {
    const auto free_pages = [&] {
        return query_integer(connection, "PRAGMA freelist_count").value_or(0);
    };
    if (query_integer(connection, "PRAGMA auto_vacuum") == kIncremental) {
        for (auto left = free_pages(); left > 0;) {
            check();
            connection.execute(fmt::format("PRAGMA incremental_vacuum({})", kPagesAtOnce), {});
            const auto now = free_pages();
            left = now < left ? now : 0;
        }
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)", {});
    }
    const auto size = query_integer(connection, "PRAGMA page_size").value_or(0);
    return static_cast<std::uint64_t>(free_pages() * size);
}

std::vector<std::string> inspect_sqlite(Connection& connection) {
    std::vector<std::string> complaints;
    const auto row = connection.query("PRAGMA quick_check(100)", {});
    while (row->next()) {
        if (row->text(0) != "ok") {
            complaints.emplace_back(row->text(0));
        }
    }
    return complaints;
}

}  // namespace isinfetch
