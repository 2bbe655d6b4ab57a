#include "store/backup.hpp"

#include "util/atomic_file.hpp"
#include "util/error.hpp"
#include "util/file.hpp"
#include "util/output_file.hpp"

#include <unistd.h>

#include <cerrno>
#include <string>
#include <string_view>
#include <system_error>

namespace isinfetch {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail_exists(const fs::path& target) {
    fail(ErrorKind::cannot_create, "{}: is there already: --force replaces it", target.native());
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

/// Pages of a database come in any order: a device or a FIFO gets what is in a file.
void copy_into(int copy, const OutputPlace& target, const Check& check) {
    constexpr std::size_t kBlock = std::size_t{1024} * 1024;
    OutputFile out(target);
    std::string block(kBlock, '\0');
    off_t place = 0;
    while (true) {
        const ssize_t count = ::pread(copy, block.data(), block.size(), place);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            fail_errno(errno, "temporary file", ErrorKind::io);
        }
        if (count == 0) {
            break;
        }
        check();
        out.write(std::string_view(block).substr(0, static_cast<std::size_t>(count)));
        place += count;
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
    if (place.kind == OutputPlace::Kind::stream) {
        const fs::path directory = temporary_directory();
        const Descriptor copy = make_unnamed_file(directory);
        backend.upkeep.copy(options, copy.get(), directory / "a file without a name", check);
        copy_into(copy.get(), place, check);
        return;
    }
    AtomicFile copy(place.path);
    backend.upkeep.copy(options, copy.get(), place.path, check);
    if (existing == Existing::replace) {
        copy.commit(options.file_mode);
    } else if (!copy.commit_new(options.file_mode)) {
        fail_exists(place.path);
    }
}

}  // namespace isinfetch
