#include "job/commit.hpp"

#include "store/lease.hpp"
#include "store/state.hpp"
#include "util/error.hpp"
#include "util/log.hpp"

namespace isinfetch {

namespace {

constexpr int kQuestions = 30;
constexpr std::chrono::seconds kPause{1};

/// The server may be on its way down, or up.
bool is_committed(Connection& store,
                  const CommitProof& proof,
                  const std::function<void(std::chrono::milliseconds)>& sleep) {
    for (int left = kQuestions; left > 0; --left) {
        try {
            wait_for_source(store, proof.source);
            return is_published(store, proof.run_source, proof.run);
        } catch (const Error& error) {
            log(LogLevel::debug, "{}: committed or not? {}", proof.source, error.what());
        }
        sleep(kPause);
    }
    return false;
}

}  // namespace

void commit_surely(Transaction& transaction,
                   Connection& store,
                   const CommitProof& proof,
                   const std::function<void(std::chrono::milliseconds)>& sleep) {
    try {
        transaction.commit();
    } catch (const Error& error) {
        const bool is_lost =
            error.kind() == ErrorKind::temporary || error.kind() == ErrorKind::interrupted;
        if (!is_lost || !is_committed(store, proof, sleep)) {
            throw;
        }
    }
}

}  // namespace isinfetch
