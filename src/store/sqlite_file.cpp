#include "store/sqlite_file.hpp"

#include "store/sqlite_descriptor.hpp"
#include "util/atomic_file.hpp"
#include "util/error.hpp"
#include "util/output_file.hpp"
#include "util/wait.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <optional>
#include <string_view>
#include <system_error>

namespace isinfetch {

namespace {

namespace fs = std::filesystem;

// In this order: a log without its index would be used by who can make one, and not by others.
constexpr const char* kLog = "-wal";
constexpr std::array<const char*, 2> kLogFiles{"-shm", kLog};

bool has_content(const fs::path& path) {
    std::error_code failure;
    const auto size = fs::file_size(path, failure);
    return !failure && size > 0;
}

/// Of the folder: two processes that made a store at once would take each other's log away. A file
/// system without such locks is trusted to have one process at a time.
void lock_folder(const Directory& folder, std::chrono::milliseconds patience) {
    constexpr std::chrono::milliseconds kPollEvery{50};
    std::optional<Wait> wait;
    while (::flock(folder.get(), LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR) {
            return;
        }
        if (!wait) {
            wait.emplace(
                folder.path().native() + ": waiting for another process that makes a store",
                patience,
                WaitPurpose::store);
        }
        if (!wait->nap(kPollEvery)) {
            fail(ErrorKind::temporary,
                 "{}: another process is making a store",
                 folder.path().native());
        }
    }
}

/// What a store that is gone has left beside it belongs to no other one.
void remove_remains(const Directory& folder, const std::string& name) {
    for (const char* end : {"-journal", "-wal", "-shm"}) {
        const std::string file = name + end;
        if (::unlinkat(folder.get(), file.c_str(), 0) != 0 && errno != ENOENT) {
            fail_errno(errno, (folder.path() / file).native(), ErrorKind::cannot_create);
        }
    }
}

/// One that is there is not touched: to close it would end locks that SQLite holds on it. A log of
/// nothing but its header, 32 bytes, as a kill can leave it, keeps readers who may not write beside
/// the store waiting in vain (SQLite 3.40, walBeginShmUnreliable): it is longer from the beginning,
/// with nothing in it.
void make_log_files(const Directory& folder, const std::string& name, mode_t mode) {
    for (const char* end : kLogFiles) {
        const std::string file = name + end;
        const Descriptor made(::openat(
            folder.get(), file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode));
        if (made.get() < 0 && errno != EEXIST) {
            fail_errno(errno, (folder.path() / file).native(), ErrorKind::cannot_create);
        }
        if (made.get() < 0) {
            continue;
        }
        static_cast<void>(::fchmod(made.get(), mode));  // the umask took some away
        constexpr off_t kMoreThanHeader = 64;
        if (std::string_view(end) == kLog && ::ftruncate(made.get(), kMoreThanHeader) != 0) {
            fail_errno(errno, (folder.path() / file).native(), ErrorKind::cannot_create);
        }
    }
}

/// A descriptor of it must not be closed here: that would end SQLite's locks.
void take_rights_of(const std::string& file, mode_t mode) {
    constexpr mode_t kReading = 0444;
    constexpr mode_t kBits = 07777;
    const mode_t too_many = kReading & ~mode;
    struct stat status {};
    const bool is_own = ::lstat(file.c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
                        status.st_uid == ::geteuid();
    if (is_own && (status.st_mode & too_many) != 0 &&
        ::chmod(file.c_str(), status.st_mode & kBits & ~too_many) != 0) {
        fail_errno(errno, file, ErrorKind::permission);
    }
}

void take_rights(const fs::path& path, mode_t mode) {
    for (const char* end : {"", "-wal", "-shm"}) {
        take_rights_of(path.native() + end, mode);
    }
}

/// A folder for a moment.
class Aside {
public:
    Aside() : path_((fs::temp_directory_path() / "isinfetch-XXXXXX").native()) {
        if (::mkdtemp(path_.data()) == nullptr) {
            fail_errno(errno, path_, ErrorKind::cannot_create);
        }
    }
    Aside(const Aside&) = delete;
    Aside& operator=(const Aside&) = delete;
    ~Aside() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }

    fs::path path() const { return path_; }

private:
    std::string path_;
};

/// False where there is too much to be a store that has just been made.
bool copy_small_store(const fs::path& from, const fs::path& to) {
    constexpr std::uintmax_t kMost = std::uintmax_t{16} * 1024 * 1024;
    std::uintmax_t total = 0;
    for (const char* end : {"", "-wal", "-journal"}) {
        const fs::path file = from.native() + end;
        std::error_code absent;
        const auto size = fs::file_size(file, absent);
        total += absent ? 0 : size;
        if (total > kMost) {
            return false;
        }
        if (!absent) {
            fs::copy_file(file, to.native() + end);
        }
    }
    return true;
}

}  // namespace

void make_store_file(const fs::path& path,
                     mode_t mode,
                     std::chrono::milliseconds patience,
                     const FillStore& fill) {
    const Directory named(path.parent_path(), path.native());
    named.refuse_foreign_link(path.filename());
    if (has_content(path)) {
        take_rights(find_output(path).path, mode);
        return;
    }
    const fs::path place = find_output(path).path;
    const Directory folder(place.parent_path(), place.native());
    lock_folder(folder, patience);
    if (has_content(place)) {
        return;
    }
    const std::string name = place.filename();
    AtomicFile file(folder, name);
    fill(file.get());
    mark_log(file.get(), true, place.native());
    remove_remains(folder, name);
    make_log_files(folder, name, mode);
    file.commit(mode);
}

void make_log_files(const fs::path& path, mode_t mode) {
    const fs::path place = find_output(path).path;
    make_log_files(Directory(place.parent_path(), place.native()), place.filename(), mode);
}

// What is left to be done after a kill can be done in a copy, whoever may write beside the store.
bool is_without_list(const fs::path& path) {
    try {
        const Aside aside;
        const fs::path copy = aside.path() / "copy";
        if (!copy_small_store(path, copy)) {
            return false;
        }
        const SqliteDatabase database = open_sqlite_file(copy, SQLITE_OPEN_READWRITE);
        sqlite3_stmt* statement = nullptr;
        const int prepared = sqlite3_prepare_v2(
            database.get(), "SELECT EXISTS (SELECT 1 FROM listing)", -1, &statement, nullptr);
        const Handle<sqlite3_stmt, sqlite3_finalize> owned(statement);
        return prepared == SQLITE_OK && sqlite3_step(statement) == SQLITE_ROW &&
               sqlite3_column_int(statement, 0) == 0;
    } catch (const std::exception&) {
        return false;  // the reason why it cannot be opened is told instead
    }
}

}  // namespace isinfetch
