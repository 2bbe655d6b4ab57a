// One moment of the store for several questions.
#pragma once

#include "store/connection.hpp"

#include <memory>

namespace isinfetch {

/// As long as it lives, all that is read over the connection is of one moment, whatever others
/// write meanwhile. Nothing may be written over it then.
class Snapshot {
public:
    explicit Snapshot(Connection& connection);

private:
    std::unique_ptr<Cursor> open_;
};

}  // namespace isinfetch
