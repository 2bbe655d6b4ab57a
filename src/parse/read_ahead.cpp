#include "parse/read_ahead.hpp"

#include "util/error.hpp"

#include <algorithm>
#include <system_error>

namespace isinfetch {

ReadAhead::ReadAhead(std::unique_ptr<ByteSource> source, const Amount& amount)
    : source_(std::move(source)), blocks_(amount.blocks) {
    for (Block& block : blocks_) {
        block.bytes.resize(amount.block);
    }
    try {
        worker_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
    } catch (const std::system_error& error) {
        fail(ErrorKind::os, "cannot start a thread: {}", error.what());
    }
}

// The thread must be gone before what it uses is.
ReadAhead::~ReadAhead() {
    worker_.request_stop();
    worker_.join();
}

/// As much as there is and fits; false at the end.
bool ReadAhead::fill(Block& block) {
    std::size_t count = 0;
    do {
        count = source_->read(std::span(block.bytes).subspan(block.size));
        block.size += count;
    } while (count > 0 && block.size < block.bytes.size());
    return count > 0;
}

void ReadAhead::work(const std::stop_token& stop) {
    bool goes_on = true;
    while (goes_on) {
        std::unique_lock lock(mutex_);
        const auto has_room = [this] { return filled_ - emptied_ < blocks_.size(); };
        if (!changed_.wait(lock, stop, has_room)) {
            return;
        }
        Block& block = blocks_[filled_ % blocks_.size()];
        lock.unlock();
        block.size = 0;
        try {
            goes_on = fill(block);
        } catch (...) {  // whatever it is, it belongs into the other thread
            failure_ = std::current_exception();
            goes_on = false;
        }
        lock.lock();
        ++filled_;
        ended_ = !goes_on;
        changed_.notify_one();
    }
}

/// Gives back the block that was read and waits for the next; false at the end.
bool ReadAhead::next_block() {
    std::unique_lock lock(mutex_);
    if (has_block_) {
        ++emptied_;
        changed_.notify_one();
    }
    changed_.wait(lock, [this] { return filled_ > emptied_ || ended_; });
    taken_ = 0;
    has_block_ = filled_ > emptied_;
    if (!has_block_ && failure_) {
        std::rethrow_exception(failure_);
    }
    return has_block_;
}

std::size_t ReadAhead::read(std::span<char> buffer) {
    while (!has_block_ || taken_ == blocks_[emptied_ % blocks_.size()].size) {
        if (!next_block()) {
            return 0;
        }
    }
    const Block& block = blocks_[emptied_ % blocks_.size()];
    const std::size_t count = std::min(buffer.size(), block.size - taken_);
    std::copy_n(block.bytes.begin() + static_cast<std::ptrdiff_t>(taken_), count, buffer.begin());
    taken_ += count;
    return count;
}

}  // namespace isinfetch
