// This process at its beginning, and asking other programs: no shell, arguments arrive as they are.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace isinfetch {

/// To be called before anything else. Descriptors 0 to 2 are open from now on: where one was
/// closed, the next file to be opened would get its number, and what is meant for people would be
/// written into it. Reading and writing them fails as before. A file that grows beyond the
/// process's limit is an error (EFBIG) instead of a signal. Nothing of the
/// memory, where credentials are, gets into a core or is shown to other processes of the user
/// (prctl(2), PR_SET_DUMPABLE). What is made has the rights that the program says, whatever the
/// caller's umask: one of 077 would keep readers from a store between two steps of making it. Ends
/// the process with status 71 when it has no descriptors at all.
void prepare_process() noexcept;

/// What `command` (a program found in PATH, and its arguments) writes to standard output, up to
/// 1 MiB; none when it cannot be started, ends with another status than 0, or takes longer than
/// `patience`, after which it is killed, whether or not its output has ended. Its standard error
/// goes nowhere. Throws Error{os} when the system has no process or descriptor to spare.
std::optional<std::string> output_of(const std::vector<std::string>& command,
                                     std::chrono::milliseconds patience);

}  // namespace isinfetch
