// The command line: parse first, act later. Home of CLI11.
#pragma once

#include "util/error.hpp"

#include <iosfwd>

namespace isinfetch::cli {

struct Streams {
    std::istream& in;
    std::ostream& out;      ///< only what was asked for
    std::ostream& err;      ///< everything said about it
    bool terminal = false;  ///< is a person looking at `out`?
};

/// The whole program; the only place that catches everything.
ExitCode run(int argc, const char* const* argv, const Streams& streams) noexcept;

}  // namespace isinfetch::cli
