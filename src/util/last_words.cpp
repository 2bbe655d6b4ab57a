#include "util/last_words.hpp"

#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <memory>
#include <mutex>
#include <string_view>
#include <utility>
#include <vector>

namespace isinfetch {

namespace {

constexpr std::array kFaults{SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};

struct Words {
    std::string out{};
    std::string err{};
};

std::atomic<const Words*> current{nullptr};

// Only what signal-safety(7) allows: the heap may be what is broken.
void write_whole(int descriptor, std::string_view text) noexcept {
    while (!text.empty()) {
        const ssize_t count = ::write(descriptor, text.data(), text.size());
        if (count <= 0) {
            return;
        }
        text.remove_prefix(static_cast<std::size_t>(count));
    }
}

// The handler was taken away when it was called: raised again, the signal ends the process.
void speak(int signal) {
    if (const Words* const words = current.exchange(nullptr)) {
        write_whole(STDOUT_FILENO, words->out);
        write_whole(STDERR_FILENO, words->err);
    }
    static_cast<void>(::raise(signal));
}

void listen() {
    struct sigaction action {};
    action.sa_handler = speak;
    action.sa_flags = static_cast<int>(SA_RESETHAND | SA_NODEFER);
    for (const int signal : kFaults) {
        ::sigaction(signal, &action, nullptr);
    }
}

}  // namespace

void set_last_words(std::string out, std::string err) {
    // Whatever was set once stays: a handler may be reading it.
    static std::mutex mutex;
    static std::vector<std::unique_ptr<const Words>> all;
    const std::lock_guard lock(mutex);
    if (all.empty()) {
        listen();
    }
    all.push_back(std::make_unique<const Words>(Words{std::move(out), std::move(err)}));
    current = all.back().get();
}

void forget_last_words() noexcept {
    current = nullptr;
}

}  // namespace isinfetch
