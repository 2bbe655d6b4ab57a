// What a library or the language threw, as an error of this program.
#pragma once

#include "util/error.hpp"

#include <exception>
#include <string>

namespace isinfetch {

/// Named by `what`, if that is not empty: no memory is os, what the system refused has the kind
/// that fail_errno() gives it, and the rest is a bug.
Error error_of(const std::exception& failure, const std::string& what);

}  // namespace isinfetch
