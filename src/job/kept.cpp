#include "job/kept.hpp"

#include "util/text.hpp"
#include "util/time.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <system_error>
#include <vector>

namespace isinfetch {

namespace {

namespace fs = std::filesystem;

struct Found {
    std::uint64_t files = 0;
    std::uint64_t bytes = 0;
};

/// The files right in `folder` whose names do not end so.
Found look_at(const fs::path& folder, const char* except) {
    Found found;
    std::error_code trouble;
    for (fs::directory_iterator entry(folder, trouble), end; !trouble && entry != end;
         entry.increment(trouble)) {
        std::error_code gone;
        const auto bytes = entry->file_size(gone);
        if (!gone && entry->path().extension() != except) {
            ++found.files;
            found.bytes += bytes;
        }
    }
    return found;
}

}  // namespace

std::string describe_kept(const fs::path& state_dir, const std::string& source) {
    std::vector<std::string> kept;
    if (const Found partial = look_at(state_dir / "partial" / source, ".meta"); partial.bytes > 0) {
        kept.push_back(fmt::format("{} of an unfinished download", format_size(partial.bytes)));
    }
    if (const Found whole = look_at(state_dir / "received" / source, ".new"); whole.files > 0) {
        kept.push_back(fmt::format("{} whole file{}", whole.files, whole.files == 1 ? "" : "s"));
    }
    return join(kept, ", ");
}

}  // namespace isinfetch
