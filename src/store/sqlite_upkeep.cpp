#include "store/sqlite_upkeep.hpp"

#include "store/sqlite_descriptor.hpp"
#include "store/sqlite_handle.hpp"
#include "util/error.hpp"
#include "util/interrupt.hpp"
#include "util/text.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>

namespace isinfetch {

namespace {

constexpr int kPagesAtOnce = 2048;
constexpr int kIncremental = 2;  // PRAGMA auto_vacuum

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

/// While it lives, a signal ends what the database is at. Checks look at nothing but the library's
/// own mark while they walk through the pages of a table, for seconds in a file of a gigabyte
/// (SQLite 3.40).
class EndedBySignal {
public:
    explicit EndedBySignal(sqlite3* database) {
        try {
            watcher_ = std::jthread(
                [this, database](const std::stop_token& stop) { watch(stop, database); });
        } catch (const std::system_error& error) {
            fail(ErrorKind::os, "cannot start a thread: {}", error.what());
        }
    }

private:
    void watch(const std::stop_token& stop, sqlite3* database) {
        constexpr std::chrono::milliseconds kPollEvery{20};
        std::unique_lock lock(mutex_);
        while (!stop.stop_requested()) {
            if (interrupting_signal() != 0) {
                sqlite3_interrupt(database);
            }
            wake_.wait_for(lock, stop, kPollEvery, [] { return false; });
        }
    }

    std::mutex mutex_{};
    std::condition_variable_any wake_{};
    std::jthread watcher_{};  ///< last: it uses the others
};

int append_complaint(void* complaints, int count, char** values, char** /*names*/) {
    if (count > 0 && values[0] != nullptr) {
        static_cast<std::vector<std::string>*>(complaints)->emplace_back(values[0]);
    }
    return 0;
}

void look_through(const std::string& target, sqlite3* database) {
    const EndedBySignal ended(database);
    std::vector<std::string> lines;
    const int code =
        sqlite3_exec(database, "PRAGMA quick_check", append_complaint, &lines, nullptr);
    if (code != SQLITE_OK) {
        fail_sqlite(target, database, code);
    }
    if (lines != std::vector<std::string>{"ok"}) {
        fail(ErrorKind::io,
             "{}: the copy is damaged, as the store may be: {}",
             target,
             join(lines, "; "));
    }
}

}  // namespace

// The transaction keeps one moment of the store: what others write meanwhile goes to the log and
// does not make the copy begin anew. The copy needs no journal: it counts only once it is whole.
void copy_sqlite(const StoreOptions& options,
                 int target,
                 const std::string& name,
                 const Check& check) {
    const std::string from = options.location.substr(options.location.find(':') + 1);
    const SqliteDatabase source = open_sqlite_file(from, SQLITE_OPEN_READONLY);
    const SqlitePatience patience(source.get(), from, options.busy_timeout);
    script(from, source.get(), "BEGIN; SELECT count(*) FROM sqlite_master");
    {
        const SqliteDatabase copy = open_sqlite_descriptor(target, name);
        script(name, copy.get(), "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF");
        copy_pages(name, source.get(), copy.get(), check);
    }
    // One file, to be read where nobody can write.
    mark_log(target, false, name);
    check();
    look_through(name, open_sqlite_descriptor(target, name).get());
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
        // Neither somebody who kept it waiting nor a signal that ended the wait is an error.
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)", {});
        check();
    }
    const auto size = query_integer(connection, "PRAGMA page_size").value_or(0);
    return static_cast<std::uint64_t>(free_pages() * size);
}

// Over a connection of its own: the library's is hidden behind the one that is given.
std::vector<std::string> inspect_sqlite(Connection& connection) {
    const std::string path =
        query_text(connection, "SELECT file FROM pragma_database_list WHERE name = 'main'")
            .value_or("");
    const SqliteDatabase database = open_sqlite_file(path, SQLITE_OPEN_READONLY);
    const SqlitePatience patience(database.get(), path, StoreOptions{}.busy_timeout);
    const EndedBySignal ended(database.get());
    std::vector<std::string> complaints;
    const int code = sqlite3_exec(
        database.get(), "PRAGMA quick_check(100)", append_complaint, &complaints, nullptr);
    if (code != SQLITE_OK) {
        fail_sqlite(path, database.get(), code);
    }
    std::erase(complaints, "ok");
    return complaints;
}

}  // namespace isinfetch
