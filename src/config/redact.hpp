// What may be shown of a configuration that holds secrets.
#pragma once

#include "config/document.hpp"

namespace isinfetch {

/// `tree` with "***" for what nobody may read over a shoulder: request headers but for the harmless
/// ones, user and password of URLs, and everything that came as a credential.
Value without_secrets(Value tree);

}  // namespace isinfetch
