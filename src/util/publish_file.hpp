// A file that takes a name for good, in a folder that is held open.
#pragma once

#include "util/directory.hpp"

#include <filesystem>
#include <string>

namespace isinfetch {

/// fsync(file), its mode, rename to `name` in `folder`, fsync(folder): the target is whole or not
/// there. Where `folder` lies on another file system, it is copied there first. `file` may not be a
/// link. Throws Error{io}, Error{gone}.
void publish_file(const std::filesystem::path& file,
                  const Directory& folder,
                  const std::string& name,
                  mode_t mode);

}  // namespace isinfetch
