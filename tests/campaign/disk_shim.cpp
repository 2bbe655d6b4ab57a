// Comes between a program and the C library (LD_PRELOAD), where files are changed. Two things, by
// environment:
//
//   DISK_LOG=FILE DISK_ROOT=DIR   writes down what changes below DIR, with all bytes, names and
//   syncs, in
//                                 the order in which it happened: tests/support/power.py plays it
//                                 again
//   DISK_SHORT=CALL:N             the N-th call of "read" or "write" (pread and pwrite as well)
//   moves only
//                                 half of its bytes, really; with N = 0 every one does
//
// What the C library does inside itself is not seen: whoever replays a log compares its end with
// the files that are there.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <string>

namespace {

std::recursive_mutex& order() {
    static std::recursive_mutex mutex;
    return mutex;
}

/// The function of the C library itself.
template <class Function>
Function* real(const char* name) {
    return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}
#define REAL(name)                                              \
    (*[] {                                                      \
        static auto* const found = real<decltype(name)>(#name); \
        return found;                                           \
    }())

struct Log {
    int descriptor = -1;
    dev_t device = 0;

    Log() {
        const char* const file = std::getenv("DISK_LOG");
        const char* const root = std::getenv("DISK_ROOT");
        struct stat status {};
        if (file != nullptr && root != nullptr && ::stat(root, &status) == 0) {
            constexpr int kHigh = 200;
            const int low = REAL(open)(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
            descriptor = ::fcntl(low, F_DUPFD_CLOEXEC, kHigh);
            ::close(low);
            device = status.st_dev;
        }
    }
};

Log& log() {
    static Log log;
    return log;
}

struct Place {
    ino_t folder = 0;  ///< 0: not of the disk that is watched
    std::string name{};
};

ino_t watched(const struct stat& status) {
    return status.st_dev == log().device ? status.st_ino : 0;
}

ino_t number_of(int descriptor, mode_t* kind = nullptr) {
    struct stat status {};
    if (log().descriptor < 0 || ::fstat(descriptor, &status) != 0) {
        return 0;
    }
    if (kind != nullptr) {
        *kind = status.st_mode & S_IFMT;
    }
    return watched(status);
}

ino_t number_at(int folder, const char* path, int flags = AT_SYMLINK_NOFOLLOW) {
    struct stat status {};
    return log().descriptor >= 0 && ::fstatat(folder, path, &status, flags) == 0 ? watched(status)
                                                                                 : 0;
}

Place place_of(int folder, const char* path) {
    std::string parent(path);
    while (parent.size() > 1 && parent.back() == '/') {
        parent.pop_back();
    }
    const std::size_t slash = parent.rfind('/');
    std::string name = slash == std::string::npos ? parent : parent.substr(slash + 1);
    parent = slash == std::string::npos ? "." : parent.substr(0, slash == 0 ? 1 : slash);
    return {number_at(folder, parent.c_str(), 0), std::move(name)};
}

/// One record: what, three numbers, two texts with their lengths.
void put(char what,
         std::uint64_t a,
         std::uint64_t b,
         std::uint64_t c,
         std::string_view one = {},
         std::string_view two = {}) {
    if (log().descriptor < 0 || a == 0) {
        return;
    }
    const int error = errno;
    std::string record(1, what);
    const std::uint64_t lengths[] = {a, b, c, one.size(), two.size()};
    record.append(reinterpret_cast<const char*>(lengths), sizeof lengths);
    record.append(one).append(two);
    if (REAL(write)(log().descriptor, record.data(), record.size()) !=
        static_cast<ssize_t>(record.size())) {
        std::abort();
    }
    errno = error;
}

using Ordered = std::lock_guard<std::recursive_mutex>;

std::size_t shortened(const char* call, std::size_t count) {
    static const char* const wanted = std::getenv("DISK_SHORT");
    static std::atomic<long> calls{0};
    const std::size_t length = std::strlen(call);
    if (wanted == nullptr || std::strncmp(wanted, call, length) != 0 || count < 2) {
        return count;
    }
    const long number = std::atol(wanted + length + 1);
    return ++calls == number || number == 0 ? count / 2 : count;
}

ssize_t written(int descriptor, const void* bytes, ssize_t count, off_t place) {
    mode_t kind = 0;
    const ino_t file = number_of(descriptor, &kind);
    if (count > 0 && kind == S_IFREG) {
        put('W',
            file,
            static_cast<std::uint64_t>(place),
            0,
            {static_cast<const char*>(bytes), static_cast<std::size_t>(count)});
    }
    return count;
}

int opened(int folder, const char* path, int flags, bool was_there, int descriptor) {
    if (descriptor < 0 || log().descriptor < 0) {
        return descriptor;
    }
    if ((flags & O_TMPFILE) == O_TMPFILE) {
        put('T', number_of(descriptor), 0, 0);
    } else if (!was_there) {
        const Place place = place_of(folder, path);
        put('C', place.folder, number_of(descriptor), 0, place.name);
    } else if ((flags & O_TRUNC) != 0) {
        put('S', number_of(descriptor), 0, 0);
    }
    return descriptor;
}

template <class Open>
int open_file(int folder, const char* path, int flags, Open open) {
    const Ordered ordered(order());
    const bool may_make = (flags & O_CREAT) != 0;
    struct stat status {};
    const bool was_there = !may_make || ::fstatat(folder, path, &status, 0) == 0;
    return opened(folder, path, flags, was_there, open());
}

/// After a call that gives 0 when it was done.
int done(int result, char what, const Place& from, const Place& to) {
    if (result == 0) {
        put(what, from.folder, to.folder, 0, from.name, to.name);
    }
    return result;
}

int made_link(int result, int folder, const char* path) {
    if (result == 0) {
        const Place place = place_of(folder, path);
        put('L', place.folder, number_at(folder, path), 0, place.name);
    }
    return result;
}

int made_folder(int result, int folder, const char* path) {
    if (result == 0) {
        const Place place = place_of(folder, path);
        put('D', place.folder, number_at(folder, path), 0, place.name);
    }
    return result;
}

int synced(int result, int descriptor) {
    if (result == 0) {
        put('F', number_of(descriptor), 0, 0);
    }
    return result;
}

int cut(int result, int descriptor, off_t size) {
    if (result == 0) {
        put('S', number_of(descriptor), static_cast<std::uint64_t>(size), 0);
    }
    return result;
}

mode_t mode_of(int flags, std::va_list rest) {
    const bool has_mode = (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE;
    return has_mode ? va_arg(rest, mode_t) : 0;
}

}  // namespace

extern "C" {

#define OPEN(name)                                                                              \
    int name(const char* path, int flags, ...) {                                                \
        std::va_list rest;                                                                      \
        va_start(rest, flags);                                                                  \
        const mode_t mode = mode_of(flags, rest);                                               \
        va_end(rest);                                                                           \
        return open_file(AT_FDCWD, path, flags, [&] { return REAL(name)(path, flags, mode); }); \
    }
#define OPENAT(name)                                                                     \
    int name(int folder, const char* path, int flags, ...) {                             \
        std::va_list rest;                                                               \
        va_start(rest, flags);                                                           \
        const mode_t mode = mode_of(flags, rest);                                        \
        va_end(rest);                                                                    \
        return open_file(                                                                \
            folder, path, flags, [&] { return REAL(name)(folder, path, flags, mode); }); \
    }
OPEN(open)
OPEN(open64)
OPENAT(openat)
OPENAT(openat64)

ssize_t write(int descriptor, const void* bytes, size_t count) {
    const Ordered ordered(order());
    const ssize_t moved = REAL(write)(descriptor, bytes, shortened("write", count));
    return written(descriptor, bytes, moved, ::lseek(descriptor, 0, SEEK_CUR) - moved);
}

ssize_t writev(int descriptor, const struct iovec* pieces, int count) {
    const Ordered ordered(order());
    const off_t begin = ::lseek(descriptor, 0, SEEK_CUR);
    ssize_t moved = REAL(writev)(descriptor, pieces, count);
    off_t place = begin;
    for (int i = 0; i < count && place - begin < moved; ++i) {
        const ssize_t piece =
            std::min<ssize_t>(static_cast<ssize_t>(pieces[i].iov_len), moved - (place - begin));
        written(descriptor, pieces[i].iov_base, piece, place);
        place += piece;
    }
    return moved;
}

#define PWRITE(name, offset)                                                                   \
    ssize_t name(int descriptor, const void* bytes, size_t count, offset place) {              \
        const Ordered ordered(order());                                                        \
        const ssize_t moved = REAL(name)(descriptor, bytes, shortened("write", count), place); \
        return written(descriptor, bytes, moved, place);                                       \
    }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

ssize_t read(int descriptor, void* bytes, size_t count) {
    return REAL(read)(descriptor, bytes, shortened("read", count));
}
ssize_t pread(int descriptor, void* bytes, size_t count, off_t place) {
    return REAL(pread)(descriptor, bytes, shortened("read", count), place);
}
ssize_t pread64(int descriptor, void* bytes, size_t count, off64_t place) {
    return REAL(pread64)(descriptor, bytes, shortened("read", count), place);
}

// What reading becomes where _FORTIFY_SOURCE does not know the size before.
ssize_t __read_chk(int descriptor, void* bytes, size_t count, size_t) {
    return REAL(read)(descriptor, bytes, shortened("read", count));
}
ssize_t __pread_chk(int descriptor, void* bytes, size_t count, off_t place, size_t) {
    return REAL(pread)(descriptor, bytes, shortened("read", count), place);
}
ssize_t __pread64_chk(int descriptor, void* bytes, size_t count, off64_t place, size_t) {
    return REAL(pread64)(descriptor, bytes, shortened("read", count), place);
}

/// Whoever uses them falls back on what is seen.
ssize_t copy_file_range(int, off64_t*, int, off64_t*, size_t, unsigned) {
    errno = EXDEV;
    return -1;
}
ssize_t sendfile(int, int, off_t*, size_t) noexcept {
    errno = EINVAL;
    return -1;
}

int ftruncate(int descriptor, off_t size) noexcept {
    const Ordered ordered(order());
    return cut(REAL(ftruncate)(descriptor, size), descriptor, size);
}
int ftruncate64(int descriptor, off64_t size) noexcept {
    const Ordered ordered(order());
    return cut(REAL(ftruncate64)(descriptor, size), descriptor, size);
}

int fsync(int descriptor) {
    const Ordered ordered(order());
    return synced(REAL(fsync)(descriptor), descriptor);
}
int fdatasync(int descriptor) {
    const Ordered ordered(order());
    return synced(REAL(fdatasync)(descriptor), descriptor);
}

int mkdir(const char* path, mode_t mode) noexcept {
    const Ordered ordered(order());
    return made_folder(REAL(mkdir)(path, mode), AT_FDCWD, path);
}
int mkdirat(int folder, const char* path, mode_t mode) noexcept {
    const Ordered ordered(order());
    return made_folder(REAL(mkdirat)(folder, path, mode), folder, path);
}

int link(const char* from, const char* to) noexcept {
    const Ordered ordered(order());
    return made_link(REAL(link)(from, to), AT_FDCWD, to);
}
int linkat(int from_folder, const char* from, int folder, const char* to, int flags) noexcept {
    const Ordered ordered(order());
    return made_link(REAL(linkat)(from_folder, from, folder, to, flags), folder, to);
}

int rename(const char* from, const char* to) noexcept {
    const Ordered ordered(order());
    return done(REAL(rename)(from, to), 'R', place_of(AT_FDCWD, from), place_of(AT_FDCWD, to));
}
int renameat(int from_folder, const char* from, int folder, const char* to) noexcept {
    const Ordered ordered(order());
    return done(REAL(renameat)(from_folder, from, folder, to),
                'R',
                place_of(from_folder, from),
                place_of(folder, to));
}
int renameat2(
    int from_folder, const char* from, int folder, const char* to, unsigned flags) noexcept {
    const Ordered ordered(order());
    return done(REAL(renameat2)(from_folder, from, folder, to, flags),
                'R',
                place_of(from_folder, from),
                place_of(folder, to));
}

int unlink(const char* path) noexcept {
    const Ordered ordered(order());
    return done(REAL(unlink)(path), 'U', place_of(AT_FDCWD, path), {});
}
int unlinkat(int folder, const char* path, int flags) noexcept {
    const Ordered ordered(order());
    return done(REAL(unlinkat)(folder, path, flags), 'U', place_of(folder, path), {});
}
int rmdir(const char* path) noexcept {
    const Ordered ordered(order());
    return done(REAL(rmdir)(path), 'U', place_of(AT_FDCWD, path), {});
}
int remove(const char* path) noexcept {
    const Ordered ordered(order());
    return done(REAL(remove)(path), 'U', place_of(AT_FDCWD, path), {});
}
}
