// What rows weigh. A row may be as long as its publisher likes, so batches of rows are bounded by
// bytes and not by their number alone.
#pragma once

#include "store/history.hpp"

#include <algorithm>
#include <cstddef>

namespace isinfetch {

/// As much of texts as a batch holds before it is handed on, but for the row that exceeds it.
inline constexpr std::size_t kBatchBytes = std::size_t{1024} * 1024;

/// The same of rows that the store is asked for.
inline constexpr std::size_t kPageBytes = 4 * kBatchBytes;

/// What the texts of a listing have room for.
std::size_t memory_of(const Listing& listing) noexcept;
std::size_t memory_of(const Version& version) noexcept;

/// Texts are read again and again into the memory that they have; a long one's must not be kept in
/// every place where it once was.
void give_back_if_large(Listing& listing) noexcept;
void give_back_if_large(Version& version) noexcept;

/// How many rows of an unknown weight to ask for at once: few to begin with, then as many as the
/// rows before would have made a batch of, up to a limit.
class RowsAtOnce {
public:
    explicit RowsAtOnce(std::size_t most) : most_(most), rows_(std::min(most, kFirst)) {}

    std::size_t get() const noexcept { return rows_; }

    /// `rows` came, of so many bytes.
    void learn(std::size_t rows, std::size_t bytes) noexcept;

private:
    static constexpr std::size_t kFirst = 64;

    std::size_t most_;
    std::size_t rows_;
};

}  // namespace isinfetch
