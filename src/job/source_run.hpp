// One source's run, from the lock to the commit.
#pragma once

#include "job/run_context.hpp"

namespace isinfetch {

/// Never throws: whatever goes wrong ends in report.status and report.error.
void run_source(const SourceConfig& source, RunContext& context, SourceReport& report) noexcept;

}  // namespace isinfetch
