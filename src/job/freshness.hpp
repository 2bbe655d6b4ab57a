// What the judgement of freshness goes by, out of what is stored and configured. Pure.
#pragma once

#include "config/config.hpp"
#include "core/freshness.hpp"
#include "store/state.hpp"

namespace isinfetch {

/// The newest publication of a list that is known: the one that it is, or a later one that brought
/// the same list again.
std::optional<Timestamp> newest_publication(const SourceState& state);

/// The publisher offered the list again that is known already. By what discovery says of the time,
/// else the server, it may have been published anew; a time after `now` says nothing.
void note_offer(SourceState& state,
                const std::string& published,
                const std::string& last_modified,
                Timestamp now);

/// The facts for judge(). `wanted`: is the source enabled, or asked for by its name? Throws
/// Error{config} when the zone is unknown to this machine.
FreshnessFacts freshness_facts(const SourceState& state,
                               const Cadence& cadence,
                               bool wanted,
                               Timestamp now);

}  // namespace isinfetch
