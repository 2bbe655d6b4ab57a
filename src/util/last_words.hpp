// What is said when a fault of the program or of a library ends it.
#pragma once

#include <string>

namespace isinfetch {

/// From now on, a signal that tells of a fault (SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT) writes
/// `out` to standard output and `err` to standard error before it ends the process as ever. Takes
/// the place of what was set before. Any thread may call it.
void set_last_words(std::string out, std::string err);

/// Nothing is said any more.
void forget_last_words() noexcept;

}  // namespace isinfetch
