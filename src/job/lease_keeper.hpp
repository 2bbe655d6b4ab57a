// Keeps the lease of a source while its run goes on.
#pragma once

#include "store/connection.hpp"
#include "util/wait.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

namespace isinfetch {

/// Renews in a thread of its own, over a connection of its own that is made when it is first
/// needed: the run's may be busy for long. A renewal that fails is tried again; what counts is the
/// token, in the end. A run that stands still is not renewed: another host may do its work.
class LeaseKeeper {
public:
    using Connect = std::function<std::unique_ptr<Connection>()>;

    struct Lease {
        std::string source{};
        std::int64_t token = 0;
        std::chrono::seconds duration{};
    };

    /// `goes_on` is asked before each renewal, in the keeper's thread.
    LeaseKeeper(
        Lease lease, Connect connect, std::function<bool()> goes_on = [] { return true; });
    LeaseKeeper(const LeaseKeeper&) = delete;
    LeaseKeeper& operator=(const LeaseKeeper&) = delete;

    /// Does not wait for a store that does not answer.
    ~LeaseKeeper();

    /// Throws Error{busy} once another host is known to have taken over.
    void check() const;

private:
    void work(const std::stop_token& stop);
    bool renew();

    Lease lease_;
    Connect connect_;
    std::function<bool()> goes_on_;
    WaitStop stop_{};
    std::unique_ptr<Connection> connection_{};
    std::atomic<bool> is_lost_{false};
    std::mutex mutex_{};
    std::condition_variable_any wake_{};
    std::jthread worker_{};  ///< last: it uses the others
};

}  // namespace isinfetch
