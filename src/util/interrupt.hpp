// SIGINT, SIGTERM and SIGHUP as a question that long work asks between two steps, and that every
// wait hears (util/wait.hpp).
#pragma once

#include <chrono>
#include <optional>

namespace isinfetch {

/// From now on the signals only leave a mark. A second SIGINT kills as usual: whoever asks twice
/// does not want to wait for a clean end. Other signals may come twice by themselves: timeout(1)
/// sends SIGTERM to its child and then to the whole group. A SIGHUP that was ignored from the start
/// (nohup(1)) stays so. SIGPIPE is ignored.
void watch_signals();

/// For a command that may end at any moment, and leaves that to the signals: they do not end the
/// first process of a container unless it says so.
void let_signals_kill();

/// The signal that came, or 0.
int interrupting_signal() noexcept;

/// When it came.
std::optional<std::chrono::steady_clock::time_point> interrupted_at() noexcept;

/// Becomes readable when a signal comes, and stays so; -1 before watch_signals().
int signal_descriptor() noexcept;

/// Throws Error{interrupted} once a signal has come.
void stop_if_interrupted();

}  // namespace isinfetch
