#include "fetch/archive_lock.hpp"

#include "util/directory.hpp"
#include "util/error.hpp"

#include <fmt/format.h>
#include <unistd.h>

namespace isinfetch {

namespace {

/// No source has such a name.
constexpr const char* kName = ".archive.lock";

Directory locks_in(const std::filesystem::path& state_dir) {
    return Directory::make(state_dir / "locks", 1);
}

}  // namespace

FileLock count_on_archive(const std::filesystem::path& state_dir,
                          std::chrono::milliseconds patience) {
    try {
        return {locks_in(state_dir), kName, "", patience, LockMode::shared};
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::busy) {
            throw;
        }
        // Who removes files does nothing else: the run is to come again.
        throw Error(ErrorKind::temporary, error.what());
    }
}

std::optional<FileLock> claim_archive(const std::filesystem::path& state_dir,
                                      std::chrono::milliseconds patience) {
    try {
        return FileLock(
            locks_in(state_dir), kName, fmt::format("pid {}, prune", ::getpid()), patience);
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::busy) {
            throw;
        }
        return std::nullopt;
    }
}

}  // namespace isinfetch
