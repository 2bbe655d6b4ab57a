// All checks of `doctor`, in the order in which they are shown.
#pragma once

#include "cli/session.hpp"
#include "job/doctor.hpp"

#include <vector>

namespace isinfetch::cli {

/// What is looked at.
struct Extent {
    bool network = true;      ///< look up names
    bool whole_store = true;  ///< read all of a store that is not large
};

/// A check that cannot be made is a finding too; one never keeps the others from being made.
std::vector<Finding> examine(Session& session, Extent extent);

}  // namespace isinfetch::cli
