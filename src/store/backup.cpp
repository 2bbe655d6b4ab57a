#include "store/backup.hpp"

#include "util/error.hpp"
#include "util/file.hpp"
#include "util/output_file.hpp"

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

/// `target` as find_output() gives it.
void check_target(const StoreOptions& options, const OutputPlace& target, Existing existing) {
    const std::string store = options.location.substr(options.location.find(':') + 1);
    std::error_code failure;
    if (fs::equivalent(target.path, store, failure) && !failure) {
        fail(ErrorKind::usage, "{}: is the store itself", target.path.native());
    }
    if (existing == Existing::keep && target.kind == OutputPlace::Kind::file) {
        fail_exists(target.path);
    }
}

/// SQLite writes files only: a device or a FIFO gets what is in one.
void copy_into(const fs::path& copy, const OutputPlace& target, const Check& check) {
    constexpr std::size_t kBlock = std::size_t{1024} * 1024;
    OutputFile out(target);
    FileSource source(copy);
    std::string block(kBlock, '\0');
    while (const std::size_t count = source.read(block)) {
        check();
        out.write(std::string_view(block).substr(0, count));
    }
    out.commit();
}

fs::path temporary_directory() {
    std::error_code failure;
    fs::path directory = fs::temp_directory_path(failure);
    if (failure) {
        fail_errno(failure.value(), directory.native(), ErrorKind::cannot_create);
    }
    return directory;
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
    const OutputPlace place = find_output(target);
    check_target(options, place, existing);
    const bool is_stream = place.kind == OutputPlace::Kind::stream;
    const TemporaryCopy copy(is_stream ? temporary_directory() / "isinfetch-backup" : place.path);
    backend.upkeep.copy(options, copy.path(), check);
    if (is_stream) {
        copy_into(copy.path(), place, check);
    } else if (existing == Existing::replace) {
        publish_file(copy.path(), place.path);
    } else {
        publish_new(copy.path(), place.path);
    }
}

}  // namespace isinfetch
