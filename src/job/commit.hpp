// The end of a transaction whose reply may get lost.
#pragma once

#include "store/connection.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

namespace isinfetch {

/// By which a transaction is known to have been committed.
struct CommitProof {
    std::string source{};  ///< whose row it locked
    std::int64_t run_source = 0;
    std::int64_t run = 0;
};

/// The reply may get lost with the connection, or come too late for a run that is to end: the store
/// is then asked what became of it, for half a minute or as long as the run may last. Throws what
/// commit() throws when it was not committed, or cannot be known to be.
void commit_surely(Transaction& transaction,
                   Connection& store,
                   const CommitProof& proof,
                   const std::function<void(std::chrono::milliseconds)>& sleep);

}  // namespace isinfetch
