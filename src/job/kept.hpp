// What a run that did not end well leaves for the next one to go on with.
#pragma once

#include <filesystem>
#include <string>

namespace isinfetch {

/// "3.2MiB of an unfinished download, 2 whole files"; empty when nothing is left. What cannot be
/// looked at counts as not there.
std::string describe_kept(const std::filesystem::path& state_dir, const std::string& source);

}  // namespace isinfetch
