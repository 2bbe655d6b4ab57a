// The file of an SQLite store: made whole, read by whom it is for.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>

namespace isinfetch {

/// Fills an empty file with a store; it has no name yet.
using FillStore = std::function<void(int descriptor)>;

/// Makes the store `path` if there is none: it appears whole, with the files that readers need who
/// may not make them, or not at all, whenever this process is killed. A link that belongs to the
/// user, to root or to the owner of the folder is followed. Waits for another process that makes
/// it. Of a store that is there, readers whom `mode` does not let in lose their right. Throws
/// Error{cannot_create}, Error{permission}, Error{temporary}.
void make_store_file(const std::filesystem::path& path,
                     mode_t mode,
                     std::chrono::milliseconds patience,
                     const FillStore& fill);

/// Makes the files of a write-ahead log, empty, before the first use of one: who may read the store
/// but not write beside it needs them, at every moment.
void make_log_files(const std::filesystem::path& path, mode_t mode);

/// Has a first run been ended before it had stored a list? To be asked when a store cannot be
/// opened to read; true only where nothing is lost by taking it for one that is not there.
bool is_without_list(const std::filesystem::path& path);

}  // namespace isinfetch
