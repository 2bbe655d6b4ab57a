#include "parse/read_ahead.hpp"

#include "util/error.hpp"

#include <algorithm>
#include <exception>
#include <system_error>
#include <utility>

namespace isinfetch {

ReadAhead::ReadAhead(std::unique_ptr<ByteSource> source, const Amount& amount)
    : source_(std::move(source)), blocks_(amount.blocks), block_bytes_(amount.block) {
    try {
        worker_ = std::jthread([this] { work(); });
    } catch (const std::system_error& error) {
        fail(ErrorKind::os, "cannot start a thread: {}", error.what());
    }
}

// The thread must be gone before what it uses is.
ReadAhead::~ReadAhead() {
    blocks_.stop();
    worker_.join();
}

/// As much as there is and fits; false at the end.
bool ReadAhead::fill(Block& block) {
    block.bytes.resize(block_bytes_);
    block.size = 0;
    std::size_t count = 0;
    do {
        count = source_->read(std::span(block.bytes).subspan(block.size));
        block.size += count;
    } while (count > 0 && block.size < block.bytes.size());
    return count > 0;
}

void ReadAhead::work() {
    std::exception_ptr failure;
    bool goes_on = true;
    while (goes_on) {
        Block* block = blocks_.to_fill();
        if (block == nullptr) {
            return;
        }
        try {
            goes_on = fill(*block);
        } catch (...) {  // whatever it is, it belongs into the other thread
            failure = std::current_exception();
            goes_on = false;
        }
        blocks_.give();
    }
    blocks_.end(failure);
}

std::size_t ReadAhead::read(std::span<char> buffer) {
    while (block_ == nullptr || taken_ == block_->size) {
        if (std::exchange(block_, nullptr) != nullptr) {
            blocks_.give_back();
        }
        block_ = blocks_.to_empty();
        taken_ = 0;
        if (block_ == nullptr) {
            return 0;
        }
    }
    const std::size_t count = std::min(buffer.size(), block_->size - taken_);
    std::copy_n(block_->bytes.begin() + static_cast<std::ptrdiff_t>(taken_), count, buffer.begin());
    taken_ += count;
    return count;
}

}  // namespace isinfetch
