// What decides how a file is read, in one text.
#pragma once

#include "config/document.hpp"

#include <string>

namespace isinfetch {

/// A digest of the keys of `source` that give the same bytes another meaning: when it changes, a
/// stored list is read again. All keys must be there; their order does not count.
std::string mapping_digest(const Value& source);

}  // namespace isinfetch
