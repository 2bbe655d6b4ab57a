// SIGINT and SIGTERM as a question that long work asks between two steps.
#pragma once

namespace isinfetch {

/// From now on the signals only leave a mark; a second SIGINT kills as usual. SIGPIPE is ignored.
void watch_signals();

/// The signal that came, or 0.
int interrupting_signal() noexcept;

/// Throws Error{interrupted} once a signal has come.
void stop_if_interrupted();

}  // namespace isinfetch
