// What a fuzz target demands: says where, and ends the process so that the input is kept.
#pragma once

#include <cstdio>
#include <cstdlib>

/// The place is the caller's. Not std::source_location, which clang lacks before 15.
inline void require(bool holds, const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
    if (!holds) {
        std::fprintf(stderr, "%s:%d: does not hold\n", file, line);
        std::abort();
    }
}
