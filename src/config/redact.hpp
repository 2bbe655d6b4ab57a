// What may be shown of a configuration that holds secrets.
#pragma once

#include "config/document.hpp"

#include <set>
#include <string>

namespace isinfetch {

/// `tree` with "***" for what nobody may read over a shoulder: request headers but for the harmless
/// ones, user and password of URLs, and everything that came as a credential.
Value without_secrets(Value tree);

/// The files that those secrets were written in, credentials left out: systemd looks after them.
std::set<std::string> files_with_secrets(const Value& tree);

}  // namespace isinfetch
