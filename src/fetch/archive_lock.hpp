// Who counts on files of the archive, and who removes some: never both at once.
#pragma once

#include "util/file_lock.hpp"

#include <chrono>
#include <filesystem>
#include <optional>

namespace isinfetch {

/// Held by a run from its first look into the archive to its last word: no file that it finds or
/// puts there is removed meanwhile. Many may hold it. Waits for a prune that is at work, up to
/// `patience`; throws what FileLock throws, but Error{temporary} for its Error{busy}.
FileLock count_on_archive(const std::filesystem::path& state_dir,
                          std::chrono::milliseconds patience);

/// Held while files are removed; none when runs are at work for longer than `patience`.
std::optional<FileLock> claim_archive(const std::filesystem::path& state_dir,
                                      std::chrono::milliseconds patience);

}  // namespace isinfetch
