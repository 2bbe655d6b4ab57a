#include "util/file.hpp"

#include "support/catch.hpp"
#include "support/temp_dir.hpp"
#include "util/atomic_file.hpp"
#include "util/digest.hpp"
#include "util/error.hpp"
#include "util/file_lock.hpp"
#include "util/publish_file.hpp"

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <thread>

using namespace isinfetch;
using namespace std::chrono_literals;
using isinfetch::test::TempDir;

namespace {

std::size_t count_files(const std::filesystem::path& directory) {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(directory)) {
        static_cast<void>(entry);
        ++count;
    }
    return count;
}

ErrorKind kind_of(const std::function<void()>& action) {
    try {
        action();
    } catch (const Error& error) {
        return error.kind();
    }
    FAIL("nothing was thrown");
    return ErrorKind::internal;
}

}  // namespace

TEST_CASE("an atomic file appears only when it is committed", "[file]") {
    const TempDir directory;
    {
        AtomicFile file(directory / "list");
        file.write("half");
        CHECK_FALSE(std::filesystem::exists(directory / "list"));
    }
    CHECK(count_files(directory.path()) == 0);
    AtomicFile file(directory / "list");
    file.write("whole");
    file.commit();
    CHECK(read_file(directory / "list") == "whole");
    CHECK(count_files(directory.path()) == 1);
}

TEST_CASE("a published file can be read by everybody whatever the umask", "[file]") {
    const TempDir directory;
    const mode_t before = umask(0077);
    AtomicFile file(directory / "list");
    file.write("x");
    file.commit();
    umask(before);
    struct stat status {};
    REQUIRE(stat((directory / "list").c_str(), &status) == 0);
    CHECK((status.st_mode & 0777U) == 0644U);
}

TEST_CASE("a missing file is gone, a directory in the way cannot be created", "[file]") {
    const TempDir directory;
    CHECK(kind_of([&] { read_file(directory / "nothing"); }) == ErrorKind::gone);
    CHECK(kind_of([&] { AtomicFile(directory / "no" / "such"); }) == ErrorKind::cannot_create);
    AtomicFile file(directory / "file");
    file.commit();
    CHECK(kind_of([&] { make_directories(directory / "file" / "below"); }) ==
          ErrorKind::cannot_create);
}

TEST_CASE("a write that does not fit is an I/O error and leaves nothing behind", "[file]") {
    const TempDir directory;
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        // /dev/full is the kernel's own full disk.
        int code = 1;
        try {
            FILE* full = std::fopen("/dev/full", "w");
            write_all(fileno(full), "x", "/dev/full");
        } catch (const Error& error) {
            code = error.kind() == ErrorKind::io ? 0 : 2;
        }
        _exit(code);
    }
    int status = 0;
    waitpid(child, &status, 0);
    CHECK(WEXITSTATUS(status) == 0);
}

TEST_CASE("digests are those of the standards", "[file]") {
    CHECK(hex_digest(Digest::Algorithm::md5, "abc") == "900150983cd24fb0d6963f7d28e17f72");
    CHECK(hex_digest(Digest::Algorithm::sha256, "abc") ==
          "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    Digest digest(Digest::Algorithm::sha256);
    digest.update("a");
    digest.update("bc");
    CHECK(digest.hex() == hex_digest(Digest::Algorithm::sha256, "abc"));
}

TEST_CASE("a lock is held by one and names its holder", "[file]") {
    const TempDir directory;
    const auto path = directory / "source.lock";
    CHECK_FALSE(lock_holder(path));
    {
        const FileLock lock(Directory(directory.path()), path.filename(), "pid 1, run x", 0ms);
        CHECK(lock_holder(path) == "pid 1, run x");
        CHECK_THROWS_WITH(FileLock(Directory(directory.path()), path.filename(), "other", 0ms),
                          ContainsSubstring("pid 1, run x"));
        CHECK(kind_of([&] {
                  FileLock(Directory(directory.path()), path.filename(), "other", 0ms);
              }) == ErrorKind::busy);
    }
    CHECK_FALSE(lock_holder(path));
    CHECK_NOTHROW(FileLock(Directory(directory.path()), path.filename(), "other", 0ms));
    CHECK(std::filesystem::exists(path));
}

TEST_CASE("a lock is free at once when its holder is killed", "[file]") {
    const TempDir directory;
    const auto path = directory / "source.lock";
    int ready[2];
    REQUIRE(pipe(ready) == 0);
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        const FileLock lock(Directory(directory.path()), path.filename(), "child", 0ms);
        static_cast<void>(write(ready[1], "x", 1) < 0);
        pause();
        _exit(0);
    }
    char byte = 0;
    REQUIRE(read(ready[0], &byte, 1) == 1);
    CHECK(lock_holder(path) == "child");
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    CHECK_NOTHROW(FileLock(Directory(directory.path()), path.filename(), "parent", 0ms));
}

TEST_CASE("a lock that becomes free in time is taken", "[file]") {
    const TempDir directory;
    const auto path = directory / "source.lock";
    auto held =
        std::make_unique<FileLock>(Directory(directory.path()), path.filename(), "first", 0ms);
    const std::jthread releaser([&] {
        std::this_thread::sleep_for(100ms);
        held.reset();
    });
    CHECK_NOTHROW(FileLock(Directory(directory.path()), path.filename(), "second", 20s));
}

TEST_CASE("a file can be read from a place on", "[file]") {
    const TempDir directory;
    {
        AtomicFile file(directory / "a");
        file.write("0123456789");
        file.commit();
    }
    CHECK(read_piece(directory / "a", 0, 4) == "0123");
    CHECK(read_piece(directory / "a", 7, 100) == "789");
    CHECK(read_piece(directory / "a", 10, 1).empty());
    CHECK(read_piece(directory / "a", 1'000, 1).empty());
    CHECK_THROWS_WITH(read_piece(directory / "b", 0, 1), ContainsSubstring("b"));
}

TEST_CASE("a file without a name leaves nothing behind", "[file]") {
    const TempDir directory;
    {
        const Descriptor file = make_unnamed_file(directory.path());
        write_all(file.get(), "abc", "unnamed");
        CHECK(std::filesystem::is_empty(directory.path()));
        CHECK(read_file("/proc/self/fd/" + std::to_string(file.get())) == "abc");
    }
    CHECK(std::filesystem::is_empty(directory.path()));
    CHECK_THROWS_WITH(make_unnamed_file(directory / "none"), ContainsSubstring("none"));
}

TEST_CASE("a file is published on another file system too", "[file]") {
    if (!std::filesystem::is_directory("/dev/shm")) {
        WARN("no second file system here");
        return;
    }
    const TempDir directory;
    const TempDir other("/dev/shm");
    AtomicFile file(directory / "list");
    const std::string text(1'000'000, 'x');
    file.write(text);
    file.commit();
    publish_file(directory / "list", Directory(other.path()), "list", 0644);
    CHECK(read_file(other / "list") == text);
    CHECK(count_files(directory.path()) == 0);
    CHECK(count_files(other.path()) == 1);
}

TEST_CASE("many may share a lock, and one may have it alone", "[file]") {
    const TempDir directory;
    const auto path = directory / "lock";
    {
        const FileLock one(Directory(directory.path()), path.filename(), "", 0ms, LockMode::shared);
        const FileLock two(Directory(directory.path()), path.filename(), "", 0ms, LockMode::shared);
        CHECK(kind_of([&] { FileLock(Directory(directory.path()), path.filename(), "me", 0ms); }) ==
              ErrorKind::busy);
    }
    const FileLock alone(Directory(directory.path()), path.filename(), "me", 0ms);
    CHECK(kind_of([&] {
              FileLock(Directory(directory.path()), path.filename(), "", 0ms, LockMode::shared);
          }) == ErrorKind::busy);
    CHECK(lock_holder(path) == "me");
}
