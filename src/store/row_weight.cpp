#include "store/row_weight.hpp"

#include <numeric>
#include <string>

namespace isinfetch {

namespace {

constexpr std::size_t kLarge = std::size_t{16} * 1024;

/// By a swap: a string that is assigned a short one keeps what it has.
template <class Row>
void give_back(Row& row) noexcept {
    if (memory_of(row) > kLarge) {
        Row fresh;
        swap(row, fresh);
    }
}

}  // namespace

std::size_t memory_of(const Listing& listing) noexcept {
    const std::size_t further =
        listing.other.capacity() + listing.valid.from.capacity() + listing.valid.to.capacity();
    return std::accumulate(
        listing.fields.begin(),
        listing.fields.end(),
        further,
        [](std::size_t sum, const std::string& field) { return sum + field.capacity(); });
}

std::size_t memory_of(const Version& version) noexcept {
    return memory_of(version.listing) + version.as_read.capacity();
}

void give_back_if_large(Listing& listing) noexcept {
    give_back(listing);
}

void give_back_if_large(Version& version) noexcept {
    give_back(version);
}

void RowsAtOnce::learn(std::size_t rows, std::size_t bytes) noexcept {
    if (rows == 0) {
        return;
    }
    const std::size_t fitting = kPageBytes * rows / std::max<std::size_t>(bytes, 1);
    rows_ = std::clamp<std::size_t>(std::min(fitting, 4 * rows_), 1, most_);
}

}  // namespace isinfetch
