#include "job/kept.hpp"

#include "util/error.hpp"
#include "util/file.hpp"
#include "util/json.hpp"
#include "util/text.hpp"
#include "util/time.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <system_error>
#include <vector>

namespace isinfetch {

namespace {

namespace fs = std::filesystem;

/// Calls `visit` with the regular files right in `folder`, as far as it can be read.
template <class Visit>
void for_each_in(const fs::path& folder, Visit visit) {
    std::error_code trouble;
    for (fs::directory_iterator entry(folder, trouble), end; !trouble && entry != end;
         entry.increment(trouble)) {
        std::error_code gone;
        if (entry->is_regular_file(gone)) {
            visit(*entry);
        }
    }
}

/// Without a mark of the version that they belong to, the bytes are of no use to the next run.
bool can_be_resumed(const fs::path& part) {
    try {
        const auto pairs = json_pairs(read_file(part.native() + ".meta"));
        return std::ranges::any_of(pairs, [](const auto& pair) {
            const auto& [key, value] = pair;
            return key == "last_modified" || (key == "etag" && !value.starts_with("W/"));
        });
    } catch (const Error&) {
        return false;
    }
}

std::uintmax_t unfinished_bytes(const fs::path& folder) {
    std::uintmax_t bytes = 0;
    for_each_in(folder, [&](const fs::directory_entry& entry) {
        if (entry.path().extension() == ".part" && can_be_resumed(entry.path())) {
            std::error_code gone;
            const auto size = entry.file_size(gone);
            bytes += gone ? 0 : size;
        }
    });
    return bytes;
}

}  // namespace

std::string describe_kept(const fs::path& state_dir, const std::string& source) {
    std::vector<std::string> kept;
    if (const auto bytes = unfinished_bytes(state_dir / "partial" / source); bytes > 0) {
        kept.push_back(fmt::format("{} of an unfinished download", format_size(bytes)));
    }
    std::size_t files = 0;
    for_each_in(state_dir / "received" / source, [&](const fs::directory_entry&) { ++files; });
    if (files > 0) {
        kept.push_back(counted(files, "whole file"));
    }
    return join(kept, ", ");
}

}  // namespace isinfetch
