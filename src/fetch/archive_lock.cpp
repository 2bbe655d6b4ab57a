#include "fetch/archive_lock.hpp"

#include "util/error.hpp"
#include "util/file.hpp"

#include <fmt/format.h>
#include <unistd.h>

namespace isinfetch {

namespace {

/// No source has such a name.
std::filesystem::path lock_path(const std::filesystem::path& state_dir) {
    const auto locks = state_dir / "locks";
    make_directories(locks);
    return locks / ".archive.lock";
}

}  // namespace

FileLock count_on_archive(const std::filesystem::path& state_dir,
                          std::chrono::milliseconds patience) {
    return {lock_path(state_dir), "", patience, LockMode::shared};
}

std::optional<FileLock> claim_archive(const std::filesystem::path& state_dir,
                                      std::chrono::milliseconds patience) {
    try {
        return FileLock(lock_path(state_dir), fmt::format("pid {}, prune", ::getpid()), patience);
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::temporary) {
            throw;
        }
        return std::nullopt;
    }
}

}  // namespace isinfetch
