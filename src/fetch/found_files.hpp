// What lies in the folders of the state directory.
#pragma once

#include "util/time.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

namespace isinfetch {

/// A file FOLDER/GROUP/NAME: the group is a source, or the beginning of a digest.
struct FoundFile {
    std::filesystem::path path{};
    std::string group{};
    std::string name{};
    std::uint64_t bytes = 0;
    Timestamp modified{};
};

/// Visits the regular files two levels below `folder`, group by group. One that goes away meanwhile
/// is left out; a folder that is not there has none. The visitor may remove the file.
void for_each_file(const std::filesystem::path& folder,
                   const std::function<void(const FoundFile&)>& visit);

}  // namespace isinfetch
