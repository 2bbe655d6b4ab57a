// A copy of the store in one file, whole or not there.
#pragma once

#include "store/store.hpp"

#include <filesystem>

namespace isinfetch {

enum class Existing { keep, replace };

/// Copies what the store is at one moment; others may read and write it meanwhile. The copy is
/// looked through before it gets its name. Throws Error{cannot_create} when there is such a file
/// already and it is to be kept, Error{config} for a store that is not a file, Error{gone} when
/// there is no store, and what Upkeep::copy throws; nothing is left behind then.
void back_up(const StoreOptions& options,
             const std::filesystem::path& target,
             Existing existing,
             const Check& check);

}  // namespace isinfetch
