#include "store/staged_ahead.hpp"

#include "store/row_weight.hpp"
#include "util/error.hpp"

#include <exception>
#include <system_error>
#include <utility>

namespace isinfetch {

namespace {

constexpr std::size_t kBatches = 4;
constexpr std::size_t kListings = 256;  // per batch; fewer are not worth a thread

}  // namespace

StagedAhead::StagedAhead(Staging& staging) : staging_(staging), batches_(kBatches) {
    const bool is_long = fill(*batches_.to_fill());
    batches_.give();
    if (!is_long) {
        batches_.end();
        return;
    }
    try {
        worker_ = std::jthread([this] { work(); });
    } catch (const std::system_error& error) {
        fail(ErrorKind::os, "cannot start a thread: {}", error.what());
    }
}

StagedAhead::~StagedAhead() {
    batches_.stop();
    if (worker_.joinable()) {
        worker_.join();
    }
}

/// False when that was all.
bool StagedAhead::fill(Batch& batch) {
    batch.listings.resize(kListings);
    batch.size = 0;
    std::size_t bytes = 0;
    while (batch.size < kListings && bytes < kBatchBytes) {
        Listing& listing = batch.listings[batch.size];
        give_back_if_large(listing);
        if (!staging_.next(listing)) {
            return false;
        }
        bytes += memory_of(listing);
        ++batch.size;
    }
    batch.listings.resize(batch.size);
    return true;
}

void StagedAhead::work() {
    try {
        Batch* batch = batches_.to_fill();
        while (batch != nullptr && fill(*batch)) {
            batches_.give();
            batch = batches_.to_fill();
        }
        if (batch != nullptr) {  // the last one, perhaps empty
            batches_.give();
            batches_.end();
        }
    } catch (...) {  // whatever it is, it belongs into the other thread
        batches_.end(std::current_exception());
    }
}

bool StagedAhead::next(Listing& listing) {
    while (batch_ == nullptr || position_ == batch_->size) {
        if (std::exchange(batch_, nullptr) != nullptr) {
            batches_.give_back();
        }
        batch_ = batches_.to_empty();
        position_ = 0;
        if (batch_ == nullptr) {
            return false;
        }
    }
    swap(listing, batch_->listings[position_++]);
    return true;
}

}  // namespace isinfetch
