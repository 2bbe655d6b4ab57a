// Listings of a staging, made ready in a thread of its own while those before are merged.
#pragma once

#include "store/staging.hpp"
#include "util/handover.hpp"

#include <cstddef>
#include <thread>
#include <vector>

namespace isinfetch {

/// As Staging::next(), of a staging that is sorted and left alone meanwhile.
class StagedAhead {
public:
    explicit StagedAhead(Staging& staging);
    StagedAhead(const StagedAhead&) = delete;
    StagedAhead& operator=(const StagedAhead&) = delete;
    ~StagedAhead();

    /// Swaps the next listing with `listing`; false after the last. Throws what the staging throws.
    bool next(Listing& listing);

private:
    struct Batch {
        std::vector<Listing> listings{};
        std::size_t size = 0;
    };

    void work();
    bool fill(Batch& batch);

    Staging& staging_;
    Handover<Batch> batches_;
    Batch* batch_ = nullptr;
    std::size_t position_ = 0;
    std::jthread worker_{};  ///< none for a short list
};

}  // namespace isinfetch
