// Undoing merges: what each of them keeps for it, and the way back. Nothing is guessed: what was
// not kept cannot be undone.
#pragma once

#include "store/connection.hpp"
#include "store/state.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace isinfetch {

enum class MergeKind { list, events };

/// Keeps with a merge what is known of its source before it. To be called in its transaction.
void keep_previous(Connection& connection,
                   std::int64_t run_source,
                   const SourceState& previous,
                   MergeKind kind);

/// A merge that can be undone, or could.
struct UndoableMerge {
    std::int64_t run_source = 0;  ///< the version of the list that it made
    std::string run_id{};
    std::string published{};
    std::string previous{};  ///< as kept; empty: nothing was
};

/// The merges of `source` that are still in effect, newest first, back to and including all those
/// of the run `run`: its name or the beginning of it, which must be the only one of that beginning.
/// Empty: the newest run that merged anything. Throws Error{usage} when there is no such run.
std::vector<UndoableMerge> merges_to_undo(Connection& connection,
                                          const SourceState& source,
                                          const std::string& run);

struct Undone {
    std::uint64_t removed = 0;   ///< versions that are gone
    std::uint64_t reopened = 0;  ///< versions that are as they were before
    SourceState state{};         ///< of the source, as it was then
};

/// Undoes merges, newest first, in a transaction of the caller's; `by` is the row of run_source
/// that records it. The state that it gives is the caller's to save. Throws Error{gone} when what
/// was there before was not kept, Error{io} when the list does not come out as it was; the caller
/// then must not commit.
Undone undo_merges(Connection& connection,
                   const SourceState& source,
                   const std::vector<UndoableMerge>& merges,
                   std::int64_t by);

}  // namespace isinfetch
