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

/// Of the file system that holds `path`, or will.
DiskFacts look_at_disk(const std::filesystem::path& path);

/// What the kernel knows of time synchronisation; none when it does not say.
std::optional<bool> is_clock_synchronised();

/// None where systemd is not the service manager.
std::optional<std::vector<TimerFacts>> look_at_timers();

/// Lines in the system's crontabs and anacrontab, and in users' as far as they may be read.
std::vector<CronLine> look_at_crontabs();

/// Certificates in a PEM file; none when it cannot be read.
std::optional<int> count_certificates(const std::string& file);

}  // namespace isinfetch::cli
