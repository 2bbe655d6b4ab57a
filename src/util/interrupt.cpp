#include "util/interrupt.hpp"

#include "util/error.hpp"

#include <atomic>
#include <csignal>

namespace isinfetch {

namespace {

std::atomic<int> signal_seen{0};
static_assert(std::atomic<int>::is_always_lock_free);

extern "C" void mark_signal(int number) {
    signal_seen = number;
}

}  // namespace

void watch_signals() {
    struct sigaction action {};
    action.sa_handler = mark_signal;
    // One-shot: whoever asks a second time does not want to wait for a clean end.
    action.sa_flags = static_cast<int>(SA_RESETHAND);
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
    signal(SIGPIPE, SIG_IGN);
}

int interrupting_signal() noexcept {
    return signal_seen;
}

void stop_if_interrupted() {
    if (interrupting_signal() != 0) {
        fail(ErrorKind::interrupted,
             "interrupted by {}",
             interrupting_signal() == SIGINT ? "SIGINT" : "SIGTERM");
    }
}

}  // namespace isinfetch
