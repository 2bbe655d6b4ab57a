// All checks of `doctor`, in the order in which they are shown.
#pragma once

#include "cli/session.hpp"
#include "job/doctor.hpp"

#include <vector>

namespace isinfetch::cli {

/// A check that cannot be made is a finding too; one never keeps the others from being made.
std::vector<Finding> examine(Session& session, bool offline);

}  // namespace isinfetch::cli
