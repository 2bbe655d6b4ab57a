#include "fetch/found_files.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <system_error>
#include <vector>

namespace isinfetch {

namespace {

namespace fs = std::filesystem;

/// Sorted, so that everybody sees the same order; a group has few files.
std::vector<fs::path> entries_of(const fs::path& folder) {
    std::vector<fs::path> paths;
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(folder, none)) {
        paths.push_back(entry.path());
    }
    std::sort(paths.begin(), paths.end());
    return paths;
}

/// Regular files alone are visited.
void look_at(const fs::path& group,
             const fs::path& path,
             const std::function<void(const FoundFile&)>& visit) {
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) {
        return;
    }
    visit({.path = path,
           .group = group.filename().native(),
           .name = path.filename().native(),
           .bytes = static_cast<std::uint64_t>(status.st_size),
           .modified = Timestamp(std::chrono::seconds(status.st_mtim.tv_sec))});
}

}  // namespace

void for_each_file(const fs::path& folder, const std::function<void(const FoundFile&)>& visit) {
    for (const fs::path& group : entries_of(folder)) {
        for (const fs::path& path : entries_of(group)) {
            look_at(group, path, visit);
        }
    }
}

}  // namespace isinfetch
