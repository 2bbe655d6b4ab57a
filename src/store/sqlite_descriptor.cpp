#include "store/sqlite_descriptor.hpp"

#include "util/error.hpp"

#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <mutex>
#include <new>
#include <string_view>

namespace isinfetch {

namespace {

constexpr const char* kVfsName = "isinfetch-descriptor";
constexpr std::string_view kNameBegin = "descriptor-";
constexpr int kSectorSize = 4096;

/// SQLite makes room for it and knows nothing but the methods.
struct File {
    sqlite3_file base;
    int descriptor;
};

int descriptor_of(sqlite3_file* file) noexcept {
    return reinterpret_cast<File*>(file)->descriptor;  // base is its first member
}

/// The one that opens everything else: what SQLite sorts by, if it is long.
sqlite3_vfs* usual() noexcept {
    return sqlite3_vfs_find(nullptr);
}

/// Bytes moved, fewer than wanted at the end of the file or of the disk, with errno.
template <class Move>
int move_all(int count, Move move) noexcept {
    int done = 0;
    while (done < count) {
        const ssize_t moved = move(done);
        if (moved < 0 && errno == EINTR) {
            continue;
        }
        if (moved <= 0) {
            break;
        }
        done += static_cast<int>(moved);
    }
    return done;
}

std::size_t left_of(int count, int done) noexcept {
    return static_cast<std::size_t>(count - done);
}

int close_file(sqlite3_file* /*file*/) noexcept {
    return SQLITE_OK;
}

int read_file(sqlite3_file* file, void* to, int count, sqlite3_int64 place) noexcept {
    char* const bytes = static_cast<char*>(to);
    errno = 0;
    const int done = move_all(count, [&](int from) {
        return ::pread(descriptor_of(file), bytes + from, left_of(count, from), place + from);
    });
    if (done >= count) {
        return SQLITE_OK;
    }
    if (errno != 0) {
        return SQLITE_IOERR_READ;
    }
    std::fill_n(bytes + done, left_of(count, done), '\0');
    return SQLITE_IOERR_SHORT_READ;
}

int write_file(sqlite3_file* file, const void* from, int count, sqlite3_int64 place) noexcept {
    const char* const bytes = static_cast<const char*>(from);
    errno = 0;
    const int done = move_all(count, [&](int begin) {
        return ::pwrite(descriptor_of(file), bytes + begin, left_of(count, begin), place + begin);
    });
    if (done == count) {
        return SQLITE_OK;
    }
    return errno == ENOSPC || errno == 0 ? SQLITE_FULL : SQLITE_IOERR_WRITE;
}

int truncate_file(sqlite3_file* file, sqlite3_int64 size) noexcept {
    return ::ftruncate(descriptor_of(file), size) == 0 ? SQLITE_OK : SQLITE_IOERR_TRUNCATE;
}

/// Whoever gives the file its name makes it durable before.
int sync_nothing(sqlite3_file* /*file*/, int /*flags*/) noexcept {
    return SQLITE_OK;
}

int size_of(sqlite3_file* file, sqlite3_int64* size) noexcept {
    struct stat status {};
    if (::fstat(descriptor_of(file), &status) != 0) {
        return SQLITE_IOERR_FSTAT;
    }
    *size = status.st_size;
    return SQLITE_OK;
}

int lock_nothing(sqlite3_file* /*file*/, int /*level*/) noexcept {
    return SQLITE_OK;
}

int is_reserved(sqlite3_file* /*file*/, int* result) noexcept {
    *result = 0;
    return SQLITE_OK;
}

int control_nothing(sqlite3_file* /*file*/, int /*operation*/, void* /*argument*/) noexcept {
    return SQLITE_NOTFOUND;
}

int sector_size(sqlite3_file* /*file*/) noexcept {
    return kSectorSize;
}

int characteristics(sqlite3_file* /*file*/) noexcept {
    return 0;
}

constexpr sqlite3_io_methods kMethods{.iVersion = 1,
                                      .xClose = close_file,
                                      .xRead = read_file,
                                      .xWrite = write_file,
                                      .xTruncate = truncate_file,
                                      .xSync = sync_nothing,
                                      .xFileSize = size_of,
                                      .xLock = lock_nothing,
                                      .xUnlock = lock_nothing,
                                      .xCheckReservedLock = is_reserved,
                                      .xFileControl = control_nothing,
                                      .xSectorSize = sector_size,
                                      .xDeviceCharacteristics = characteristics,
                                      .xShmMap = nullptr,
                                      .xShmLock = nullptr,
                                      .xShmBarrier = nullptr,
                                      .xShmUnmap = nullptr,
                                      .xFetch = nullptr,
                                      .xUnfetch = nullptr};

bool is_ours(const char* name) noexcept {
    return name != nullptr && std::string_view(name).starts_with(kNameBegin);
}

int open_one(sqlite3_vfs* /*vfs*/,
             const char* name,
             sqlite3_file* file,
             int flags,
             int* flags_out) noexcept {
    if ((flags & SQLITE_OPEN_MAIN_DB) == 0) {
        return usual()->xOpen(usual(), name, file, flags, flags_out);
    }
    file->pMethods = nullptr;
    if (!is_ours(name)) {
        return SQLITE_CANTOPEN;
    }
    const std::string_view digits = std::string_view(name).substr(kNameBegin.size());
    int descriptor = -1;
    std::from_chars(digits.data(), digits.data() + digits.size(), descriptor);
    new (file) File{.base = {.pMethods = &kMethods}, .descriptor = descriptor};
    if (flags_out != nullptr) {
        *flags_out = flags;
    }
    return SQLITE_OK;
}

int delete_one(sqlite3_vfs* /*vfs*/, const char* name, int sync) noexcept {
    return is_ours(name) ? SQLITE_OK : usual()->xDelete(usual(), name, sync);
}

/// There is never a journal beside it.
int access_one(sqlite3_vfs* /*vfs*/, const char* name, int flags, int* result) noexcept {
    if (!is_ours(name)) {
        return usual()->xAccess(usual(), name, flags, result);
    }
    *result = 0;
    return SQLITE_OK;
}

int full_name(sqlite3_vfs* /*vfs*/, const char* name, int size, char* result) noexcept {
    if (!is_ours(name)) {
        return usual()->xFullPathname(usual(), name, size, result);
    }
    sqlite3_snprintf(size, result, "%s", name);
    return SQLITE_OK;
}

void prepare_vfs() {
    static std::once_flag once;
    std::call_once(once, [] {
        sqlite3_initialize();
        static sqlite3_vfs vfs = *usual();
        vfs.pNext = nullptr;
        vfs.zName = kVfsName;
        vfs.szOsFile = std::max(vfs.szOsFile, static_cast<int>(sizeof(File)));
        vfs.xOpen = open_one;
        vfs.xDelete = delete_one;
        vfs.xAccess = access_one;
        vfs.xFullPathname = full_name;
        sqlite3_vfs_register(&vfs, 0);
    });
}

}  // namespace

SqliteDatabase open_sqlite_descriptor(int descriptor, const std::string& name) {
    prepare_vfs();
    sqlite3* raw = nullptr;
    const std::string file = fmt::format("{}{}", kNameBegin, descriptor);
    const int code =
        sqlite3_open_v2(file.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, kVfsName);
    SqliteDatabase database(raw);
    if (code != SQLITE_OK) {
        fail_sqlite(name, raw, code);
    }
    sqlite3_extended_result_codes(raw, 1);
    return database;
}

void mark_log(int descriptor, bool with_log, const std::string& name) {
    constexpr off_t kVersions = 18;  // of the format, to write and to read
    const char version = with_log ? 2 : 1;
    const std::array<char, 2> bytes{version, version};
    if (::pwrite(descriptor, bytes.data(), bytes.size(), kVersions) !=
        static_cast<ssize_t>(bytes.size())) {
        fail_errno(errno, name, ErrorKind::io);
    }
}

}  // namespace isinfetch
