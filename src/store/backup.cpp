#include "store/backup.hpp"

#include "util/error.hpp"
#include "util/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <system_error>

namespace isinfetch {

namespace {

namespace fs = std::filesystem;

constexpr mode_t kFileMode = 0644;

/// An empty file beside `target`, and what SQLite puts beside that; gone at scope exit.
class TemporaryCopy {
public:
    explicit TemporaryCopy(const fs::path& target)
        : path_((target.parent_path() / ("." + target.filename().native() + ".XXXXXX")).native()) {
        const Descriptor file(::mkostemp(path_.data(), O_CLOEXEC));
        if (file.get() < 0) {
            fail_errno(errno, target.native(), ErrorKind::cannot_create);
        }
    }
    TemporaryCopy(const TemporaryCopy&) = delete;
    TemporaryCopy& operator=(const TemporaryCopy&) = delete;
    ~TemporaryCopy() {
        std::error_code ignored;
        for (const char* end : {"", "-journal", "-wal", "-shm"}) {
            fs::remove(path_ + end, ignored);
        }
    }

    fs::path path() const { return path_; }

private:
    std::string path_;
};

[[noreturn]] void fail_exists(const fs::path& target) {
    fail(ErrorKind::cannot_create, "{}: is there already: --force replaces it", target.native());
}

/// Takes the name only if nobody else has it by now. File systems that cannot promise that are
/// trusted to be nobody else's.
void publish_new(const fs::path& copy, const fs::path& target) {
    {
        const Descriptor file(::open(copy.c_str(), O_RDONLY | O_CLOEXEC));
        if (file.get() < 0 || ::fchmod(file.get(), kFileMode) != 0) {
            fail_errno(errno, copy.native(), ErrorKind::io);
        }
        sync_file(file.get(), copy);
    }
    if (::renameat2(AT_FDCWD, copy.c_str(), AT_FDCWD, target.c_str(), RENAME_NOREPLACE) == 0) {
        sync_directory(target.parent_path());
    } else if (errno == EEXIST) {
        fail_exists(target);
    } else {
        publish_file(copy, target);
    }
}

void check_target(const StoreOptions& options, const fs::path& target, Existing existing) {
    const std::string store = options.location.substr(options.location.find(':') + 1);
    std::error_code failure;
    if (fs::equivalent(target, store, failure) && !failure) {
        fail(ErrorKind::usage, "{}: is the store itself", target.native());
    }
    if (fs::is_directory(target, failure)) {
        fail(ErrorKind::cannot_create, "{}: is a folder: name a file", target.native());
    }
    if (existing == Existing::keep && fs::exists(fs::symlink_status(target, failure))) {
        fail_exists(target);
    }
}

}  // namespace

void back_up(const StoreOptions& options,
             const fs::path& target,
             Existing existing,
             const Check& check) {
    const Backend& backend = backend_of(options.location);
    if (backend.upkeep.copy == nullptr) {
        fail(ErrorKind::config,
             "backup is for a store in a file: {} makes copies with {}",
             backend.name,
             backend.copied_with);
    }
    const fs::path whole = target.has_parent_path() ? target : "." / target;
    check_target(options, whole, existing);
    const TemporaryCopy copy(whole);
    backend.upkeep.copy(options, copy.path(), check);
    if (existing == Existing::replace) {
        publish_file(copy.path(), whole);
        return;
    }
    publish_new(copy.path(), whole);
}

}  // namespace isinfetch
