// Trying again where a store that hosts share may be on its way up.
#pragma once

#include <chrono>
#include <functional>

namespace isinfetch {

using Sleep = std::function<void(std::chrono::milliseconds)>;

/// Does `action`, again and again for some seconds where hosts share the store: its server may be
/// on its way up. Tries that last long, because of a lock, are few. What it does must be the same
/// done twice. Throws its last error; any that is not Error{temporary} at once; and what `sleep`
/// throws.
void insist(bool is_shared, const Sleep& sleep, const std::function<void()>& action);

}  // namespace isinfetch
