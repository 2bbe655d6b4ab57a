// Is a new file fit to replace the list that is served? Pure decisions on counts.
#pragma once

#include "config/config.hpp"
#include "core/report.hpp"
#include "parse/format.hpp"
#include "store/merge.hpp"
#include "store/state.hpp"

#include <optional>
#include <string>

namespace isinfetch {

/// Why a parsed file is refused, or none. `previous` is what its predecessor left behind.
std::optional<std::string> judge_file(const Guards& guards,
                                      const Counts& counts,
                                      const ParseSummary& summary,
                                      const SourceState& previous);

/// Why the merge must not be committed: the listing count shrank too far, or what went away is the
/// end of the previous file (see looks_cut()). The latter is no evidence where the list did not
/// shrink, or where the format says where a file ends and this one ended there.
std::optional<std::string> judge_merge(const Guards& guards,
                                       const MergeCounts& counts,
                                       const ParseSummary& summary,
                                       const SourceState& previous);

/// May --accept-shrink publish what was refused? Never what has no valid record: that is no list
/// that shrank.
bool can_be_waived(const Counts& counts) noexcept;

/// The same of a merge that was refused: never one that would leave nothing.
bool can_be_waived(const MergeCounts& counts) noexcept;

/// A file cut exactly at the end of a line has nothing wrong in it but what is missing. Of the keys
/// that ended the previous file (`tail`), the last n are all gone. Were listings removed here and
/// there at the rate of the rest of the list, that would happen with probability rate^n; below 1 in
/// 1000 the file is taken for cut. The rate is estimated by Laplace's rule of succession: that no
/// other of a few listings was removed does not mean that none ever is.
bool looks_cut(const std::vector<std::string>& tail,
               const MergeCounts& counts,
               std::int64_t previous_records);

}  // namespace isinfetch
