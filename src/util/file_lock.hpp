// A kernel lock on a file that is never deleted: a crash can never leave it held.
#pragma once

#include "util/directory.hpp"

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

namespace isinfetch {

enum class LockMode {
    exclusive,
    shared,  ///< with others that share it; nobody is named
};

class FileLock {
public:
    /// Takes the lock or waits up to `patience` for it. Inside, one line says who holds it: that
    /// is a comment for people, never the truth.
    /// Throws Error{busy} naming the holder when the time is up, Error{cannot_create} or
    /// Error{permission} when the file cannot be opened, Error{cannot_create} or Error{io} with the
    /// system's reason when it cannot be locked at all.
    FileLock(const Directory& folder,
             const std::string& name,
             const std::string& holder,
             std::chrono::milliseconds patience,
             LockMode mode = LockMode::exclusive);

private:
    Descriptor descriptor_;
};

/// What the holder wrote, while somebody holds the lock; none when it is free or not there.
std::optional<std::string> lock_holder(const std::filesystem::path& path);

}  // namespace isinfetch
