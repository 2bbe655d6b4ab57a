// Days of a source whose publication never came, until it does.
#pragma once

#include "store/connection.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace isinfetch {

/// Days (YYYY-MM-DD) of which nothing is known, as far as nothing came for them later.
std::vector<std::string> open_gaps(Connection& connection, std::int64_t source);

/// Records that nothing was published for a day, or that something was after all. Does nothing for
/// a day that is recorded so already.
void record_gap(Connection& connection,
                std::int64_t source,
                std::int64_t run_source,
                const std::string& day);
void fill_gap(Connection& connection,
              std::int64_t source,
              std::int64_t run_source,
              const std::string& day);

}  // namespace isinfetch
