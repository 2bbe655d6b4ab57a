// Accepted listings on their way into the store: any number of them, brought into key order with
// bounded memory. Sorted pieces that do not fit lie in one unlinked file.
#pragma once

#include "core/record.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>

namespace isinfetch {

/// Add everything, then sort() once, then next() until it is false.
class Staging {
public:
    /// `directory` takes the temporary file, which is made only when memory does not suffice.
    Staging(std::filesystem::path directory, std::uint64_t memory_bytes);
    Staging(const Staging&) = delete;
    Staging& operator=(const Staging&) = delete;
    ~Staging();

    /// `others` become its Listing::other, which must be empty. Throws Error{io} when the disk is
    /// full, perhaps some listings later.
    void add(const Listing& listing, const Columns& others = {});

    /// No more add() after this. May be called again to read from the start once more. Throws as
    /// add() does.
    void sort();

    /// The next listing by (ISIN, venue); those of one key in the order they were added.
    bool next(Listing& listing);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace isinfetch
