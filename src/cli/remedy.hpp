// What a person does about a failure, where its message alone does not say it.
#pragma once

#include "config/config.hpp"
#include "core/report.hpp"
#include "job/doctor.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace isinfetch::cli {

/// Of a source that failed: lines that begin with a line end, to follow failure_block(). Of a file
/// that is gone the page where its new address may be told; of one that a guard refused, `aside`:
/// where it lies and how to see what it would change. Empty when there is nothing to add.
std::string remedy(const SourceReport& report,
                   const SourceConfig& source,
                   const std::optional<std::filesystem::path>& aside);

/// What the status 75 asks for: nothing, where another run or host does the work, else another try.
/// As remedy(); empty for errors with another status.
std::string advice_on_75(const Error& error);

/// Of a refusal by the operating system: whose the state directory is and who asks, where these are
/// two. Empty otherwise.
std::string owner_remark(const DirectoryFacts& facts);

/// The same error with what owner_remark() says, if it may be about the state directory.
Error with_owner(const Error& error, const std::filesystem::path& state_dir);

}  // namespace isinfetch::cli
