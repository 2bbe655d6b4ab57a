#include "store/sqlite.hpp"

#include "store/sqlite_upkeep.hpp"
#include "store_fixture.hpp"
#include "support/catch.hpp"
#include "util/error.hpp"
#include "util/file.hpp"
#include "util/interrupt.hpp"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <future>
#include <optional>

using namespace isinfetch;
using namespace isinfetch::test;

namespace {

template <class Action>
ErrorKind kind_of(Action action) {
    try {
        action();
    } catch (const Error& error) {
        UNSCOPED_INFO(error.what());
        return error.kind();
    }
    FAIL("nothing was thrown");
    return ErrorKind::internal;
}

mode_t mode_of(const std::string& path) {
    struct stat status {};
    REQUIRE(stat(path.c_str(), &status) == 0);
    return status.st_mode & 0777U;
}

void write_file(const std::string& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

struct BareFixture {
    TempDir directory;
    std::string path = (directory / "store.db").string();
    StoreOptions reading{.location = "sqlite:" + path, .mode = StoreMode::read_only};
    StoreOptions writing{.location = "sqlite:" + path,
                         .busy_timeout = std::chrono::milliseconds(20)};
};

}  // namespace

TEST_CASE_METHOD(StoreFixture, "more statements than are kept go on working", "[store][sqlite]") {
    for (int round = 0; round < 2; ++round) {
        for (int number = 0; number < 200; ++number) {
            CHECK(query_integer(*store, fmt::format("SELECT {}", number)) == number);
        }
    }
}

TEST_CASE_METHOD(StoreFixture, "wrong SQL and missing parameters are bugs", "[store][sqlite]") {
    CHECK(kind_of([&] { store->query("SELEKT 1", {}); }) == ErrorKind::internal);
    CHECK(kind_of([&] { store->execute("SELECT $1", {}); }) == ErrorKind::internal);
    CHECK(kind_of([&] { store->execute("SELECT ?", {}); }) == ErrorKind::internal);
    CHECK(kind_of([&] { store->script("SELECT 1; nonsense"); }) == ErrorKind::internal);
}

TEST_CASE_METHOD(BareFixture,
                 "reading a store that is not there says what to do",
                 "[store][sqlite]") {
    CHECK_THROWS_WITH(open_store(reading), path + ": no store yet: run 'isinfetch run' first");
    CHECK(kind_of([&] { open_store(reading); }) == ErrorKind::gone);
    CHECK_FALSE(std::filesystem::exists(path));
    write_file(path, "");
    CHECK(kind_of([&] { open_store(reading); }) == ErrorKind::gone);
}

TEST_CASE_METHOD(BareFixture,
                 "a directory that is not there cannot take a store",
                 "[store][sqlite]") {
    writing.location = "sqlite:" + (directory / "none" / "store.db").string();
    CHECK(kind_of([&] { open_store(writing); }) == ErrorKind::cannot_create);
}

TEST_CASE_METHOD(BareFixture,
                 "a file that is no database is damaged, and stays as it is",
                 "[store][sqlite]") {
    const std::string bytes = GENERATE(std::string("<html>"), std::string(100'000, 'x'));
    write_file(path, bytes);
    CHECK(kind_of([&] { open_store(reading); }) == ErrorKind::io);
    CHECK(kind_of([&] { open_store(writing); }) == ErrorKind::io);
    CHECK_THROWS_WITH(open_store(writing), StartsWith(path + ": damaged: restore a backup"));
    CHECK(read_file(path) == bytes);
}

TEST_CASE_METHOD(BareFixture, "a store that lost its end is damaged", "[store][sqlite]") {
    open_store(writing)->script("PRAGMA wal_checkpoint(TRUNCATE)");
    std::filesystem::resize_file(path, 8192);
    CHECK(kind_of([&] { open_store(reading); }) == ErrorKind::io);
    CHECK(kind_of([&] { open_store(writing); }) == ErrorKind::io);
}

TEST_CASE_METHOD(BareFixture, "a damaged page is found when it is read", "[store][sqlite]") {
    {
        const auto store = open_store(writing);
        store->script(
            "CREATE TABLE t (n INTEGER PRIMARY KEY, text TEXT);"
            "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 1000)"
            " INSERT INTO t SELECT n, printf('%0200d', n) FROM c;"
            "PRAGMA wal_checkpoint(TRUNCATE)");
    }
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(-3 * 4096, std::ios::end);
    file << std::string(3 * 4096, '\xFF');
    file.close();
    const auto store = open_store(reading);
    CHECK(kind_of([&] { query_integer(*store, "SELECT sum(length(text)) FROM t"); }) ==
          ErrorKind::io);
}

TEST_CASE_METHOD(BareFixture, "files are readable by all whatever the umask", "[store][sqlite]") {
    const mode_t before = umask(0077);
    const auto store = open_store(writing);
    umask(before);
    CHECK(mode_of(path) == 0644);
    CHECK(mode_of(path + "-wal") == 0644);
    CHECK(mode_of(path + "-shm") == 0644);
}

TEST_CASE_METHOD(BareFixture,
                 "the mode that somebody gave a store is left alone",
                 "[store][sqlite]") {
    open_store(writing);
    REQUIRE(chmod(path.c_str(), 0600) == 0);
    open_store(writing);
    CHECK(mode_of(path) == 0600);
}

TEST_CASE_METHOD(BareFixture, "the journal stays, and stays small", "[store][sqlite]") {
    open_store(writing);
    CHECK(std::filesystem::file_size(path + "-wal") == 0);
    CHECK(std::filesystem::exists(path + "-shm"));
}

TEST_CASE_METHOD(BareFixture,
                 "connections have the settings that the store needs",
                 "[store][sqlite]") {
    writing.cache_bytes = 10 * 1024 * 1024;
    const auto store = open_store(writing);
    const auto pragma = [&](const std::string& name) {
        return query_text(*store, "PRAGMA " + name).value();
    };
    CHECK(pragma("foreign_keys") == "1");
    CHECK(pragma("journal_mode") == "wal");
    CHECK(pragma("synchronous") == "2");
    CHECK(pragma("cache_size") == "-10240");
    CHECK(pragma("encoding") == "UTF-8");
}

TEST_CASE_METHOD(BareFixture, "who writes is waited for, and not for ever", "[store][sqlite]") {
    const auto store = open_store(writing);
    StoreOptions patient = writing;
    patient.busy_timeout = std::chrono::minutes(1);
    const auto other = open_store(patient);
    auto first = std::make_optional<Transaction>(*other);
    CHECK(kind_of([&] { const Transaction second(*store); }) == ErrorKind::temporary);
    // The other way round: it has all the time that it needs.
    first.reset();
    first.emplace(*store);
    auto waiting = std::async(std::launch::async, [&] { const Transaction second(*other); });
    CHECK(waiting.wait_for(std::chrono::milliseconds(60)) == std::future_status::timeout);
    first.reset();
    CHECK_NOTHROW(waiting.get());
}

TEST_CASE_METHOD(BareFixture, "a read-only store takes no writing", "[store][sqlite]") {
    open_store(writing);
    const auto store = open_store(reading);
    CHECK(kind_of([&] { store->script("DELETE FROM source"); }) == ErrorKind::permission);
}

TEST_CASE_METHOD(BareFixture, "who may not write to the directory can read", "[store][sqlite]") {
    if (geteuid() != 0) {
        return;
    }
    open_store(writing);
    REQUIRE(chmod(directory.path().c_str(), 0755) == 0);
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        constexpr uid_t kNobody = 65534;
        int status = setuid(kNobody) == 0 ? 0 : 2;
        try {
            const auto store = open_store(reading);
            status += query_integer(*store, "SELECT count(*) FROM source") == 0 ? 0 : 3;
        } catch (const std::exception&) {
            status = 1;
        }
        _exit(status);
    }
    int status = -1;
    REQUIRE(waitpid(child, &status, 0) == child);
    CHECK(WEXITSTATUS(status) == 0);
}

TEST_CASE_METHOD(BareFixture,
                 "a first load goes around the log of a store for itself",
                 "[sqlite]") {
    constexpr std::uint64_t kMany = 100'000;
    const auto store = open_sqlite(writing);
    const auto mode = [&] { return query_text(*store, "PRAGMA journal_mode"); };
    const auto mode_within = [&](std::uint64_t listings) {
        const FirstLoad first(*store, listings);
        Transaction transaction(*store);
        return mode();
    };
    CHECK(mode_within(kMany) == "truncate");
    CHECK(mode() == "wal");
    CHECK(mode_within(kMany - 1) == "wal");
    {
        const auto reader = open_sqlite(reading);
        CHECK(query_integer(*reader, "SELECT count(*) FROM listing") == 0);
        CHECK(mode_within(kMany) == "wal");
    }
    CHECK(mode_within(kMany) == "truncate");
    // What others write is checked again.
    CHECK_THROWS(
        store->script("INSERT INTO run_source (run_id, source_id, status) VALUES (9, 9, 'x')"));
    CHECK_THROWS(store->script(
        "INSERT INTO run_source (run_id, source_id, status) VALUES (9, 9, 'updated')"));
    // Others may read again, also those that may not write.
    CHECK(query_integer(*store, "SELECT count(*) FROM listing") == 0);
    CHECK(mode_of(path + "-wal") == 0644);
}

TEST_CASE_METHOD(BareFixture,
                 "a first load that is killed leaves nothing behind",
                 "[slow][sqlite]") {
    open_sqlite(writing);
    const pid_t child = fork();
    if (child == 0) {
        const auto store = open_sqlite(writing);
        const FirstLoad first(*store, 1'000'000);
        const Transaction transaction(*store);
        store->script(
            "CREATE TABLE much AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1"
            " FROM n WHERE i < 200000) SELECT hex(randomblob(500)) AS text FROM n");
        kill(getpid(), SIGKILL);
    }
    int status = 0;
    waitpid(child, &status, 0);
    REQUIRE(WIFSIGNALED(status));
    const auto store = open_sqlite(writing);
    CHECK(query_text(*store, "PRAGMA integrity_check") == "ok");
    CHECK(query_text(*store, "PRAGMA journal_mode") == "wal");
    CHECK_FALSE(query_text(*store, "SELECT name FROM sqlite_master WHERE name = 'much'"));
}

// In a process of its own: a signal that came is never forgotten.
TEST_CASE_METHOD(BareFixture, "a signal ends the inspection of a file", "[sqlite]") {
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        watch_signals();
        const auto store = open_sqlite(writing);
        store->script(
            "CREATE TABLE much AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1"
            " FROM n WHERE i < 4000) SELECT hex(randomblob(5000)) AS text FROM n");
        bool is_ended = false;
        raise(SIGTERM);
        // A busy machine may be done with one before the signal is looked for.
        for (int tries = 100; tries > 0 && !is_ended; --tries) {
            try {
                inspect_sqlite(*store);
            } catch (const Error& error) {
                is_ended = error.kind() == ErrorKind::interrupted;
            }
        }
        _exit(is_ended ? 0 : 1);
    }
    int status = -1;
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
}
