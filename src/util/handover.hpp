// A ring of things that one thread fills and another one empties.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <exception>
#include <mutex>
#include <utility>
#include <vector>

namespace isinfetch {

/// One thread gives, one takes, in the same order. Things are used again: their memory stays.
template <typename Thing>
class Handover {
public:
    explicit Handover(std::size_t things) : ring_(things) {}

    /// Of the thread that gives: waits for a thing that is empty; nullptr when stopped. The same
    /// one until give().
    Thing* to_fill() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return given_ - taken_ < ring_.size() || stopped_; });
        return stopped_ ? nullptr : &ring_[given_ % ring_.size()];
    }

    void give() {
        change([this] { ++given_; });
    }

    /// There will be no more, because of `failure` if there is one.
    void end(std::exception_ptr failure = {}) {
        change([&] {
            ended_ = true;
            failure_ = std::move(failure);
        });
    }

    /// Of the thread that takes: waits for a thing that is full; nullptr at the end, where a
    /// failure is thrown. The same one until give_back().
    Thing* to_empty() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return given_ > taken_ || ended_ || stopped_; });
        if (given_ > taken_ && !stopped_) {
            return &ring_[taken_ % ring_.size()];
        }
        if (failure_) {
            std::rethrow_exception(failure_);
        }
        return nullptr;
    }

    void give_back() {
        change([this] { ++taken_; });
    }

    /// Of any thread: nobody waits any longer.
    void stop() {
        change([this] { stopped_ = true; });
    }

private:
    template <typename Change>
    void change(Change what) {
        {
            const std::lock_guard lock(mutex_);
            what();
        }
        changed_.notify_all();
    }

    std::vector<Thing> ring_;
    std::mutex mutex_{};
    std::condition_variable changed_{};
    std::size_t given_ = 0;
    std::size_t taken_ = 0;
    bool ended_ = false;
    bool stopped_ = false;
    std::exception_ptr failure_{};
};

}  // namespace isinfetch
