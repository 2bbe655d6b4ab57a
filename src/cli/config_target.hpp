// The file of the configuration in which a change to a source belongs.
#pragma once

#include "cli/session.hpp"

#include <filesystem>
#include <string>

namespace isinfetch::cli {

/// Where a source is enabled: where it was disabled, lest that wins; in the one file that there is
/// with --config; else in a small file of the source's own, which may be there already. A link is
/// followed. Throws Error{usage} for an unknown source.
std::filesystem::path file_to_edit(const std::string& source, Session& session);

}  // namespace isinfetch::cli
