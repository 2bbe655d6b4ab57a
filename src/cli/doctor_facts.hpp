// What `doctor` looks at on this machine. Thin: what it means is decided in job/doctor.
#pragma once

#include "job/doctor.hpp"

#include <filesystem>
#include <optional>
#include <vector>

namespace isinfetch::cli {

/// Without `foreign`, which takes reading all of the directory.
DirectoryFacts look_at_owner(const std::filesystem::path& directory);
DirectoryFacts look_at_directory(const std::filesystem::path& directory);

/// A folder by the name that `doctor` shows for it.
struct NamedFolder {
    std::string name{};
    std::filesystem::path path{};
};
/// The file systems that hold these folders, or will, each one once.
std::vector<DiskFacts> look_at_disks(const std::vector<NamedFolder>& folders);

/// What the kernel says to a lock in `state_dir`, empty when it gives it. Leaves nothing behind.
std::string try_lock(const std::filesystem::path& state_dir);

/// What the kernel knows of time synchronisation; none when it does not say.
std::optional<bool> is_clock_synchronised();

/// None where systemd is not the service manager. Of a person, their own timers.
std::optional<std::vector<TimerFacts>> look_at_timers(Runner runner);

/// Lines in the system's crontabs and anacrontab, and in users' as far as they may be read; of a
/// person, in their own.
std::vector<CronLine> look_at_crontabs(Runner runner);

/// Certificates in a PEM file; none when it cannot be read.
std::optional<int> count_certificates(const std::string& file);

}  // namespace isinfetch::cli
