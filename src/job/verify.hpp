// The use case: hold the store against the archive and against itself.
#pragma once

#include "store/audit.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace isinfetch {

struct VerifyOptions {
    std::vector<std::string> sources{};  ///< empty: all
    std::filesystem::path state_dir{};
    std::string location{};                 ///< of the store
    std::string host{};                     ///< by which this one is known there
    std::vector<std::string> hosts_gone{};  ///< whose archives are: their files are not missed
    AuditDepth depth = AuditDepth::whole;
    Check check{};
};

struct Verified {
    std::uint64_t files = 0;
    std::uint64_t versions = 0;
};

/// Tells `sink` of each finding as it comes; gives what was looked at. Reads only.
Verified verify(Connection& store, const VerifyOptions& options, const FindingSink& sink);

}  // namespace isinfetch
