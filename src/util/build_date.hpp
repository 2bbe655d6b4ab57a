// When this program was built: no clock that is right says less.
#pragma once

#include "util/time.hpp"

namespace isinfetch {

/// Midnight (UTC) of the day on which the build was configured, or of SOURCE_DATE_EPOCH.
Timestamp build_date() noexcept;

/// Throws Error{os} when `now` lies before build_date(): such a time would go into the store, and
/// no certificate is valid at it.
void refuse_impossible_clock(Timestamp now);

}  // namespace isinfetch
