// Sources that a command which reads is asked about: in the configuration, in the store, or
// nowhere. Somebody who gets nothing hears why.
#pragma once

#include "cli/session.hpp"
#include "store/state.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace isinfetch::cli {

using StatesByName = std::map<std::string, SourceState>;

StatesByName states_by_name(Connection& store);

/// Throws Error{usage} for a name that neither the configuration nor the store knows, with the
/// nearest one that they do.
void check_known(const std::vector<std::string>& names,
                 const Config& config,
                 const StatesByName& states);

/// The store, to read the lists of these sources, or all. Warns of names that will give nothing, or
/// nothing new: never fetched, or no longer in the configuration. Throws as check_known(), and
/// Error{gone} while no list is stored, or when none of the names has a list.
std::unique_ptr<Connection> open_to_read(Session& session, const std::vector<std::string>& names);

/// The store, to read what happened to a source: it may have no list. Throws as check_known().
std::unique_ptr<Connection> open_to_audit(Session& session, const std::vector<std::string>& names);

/// For what is looked up in all lists and found in none: warns of enabled sources that have no list
/// yet.
void warn_of_unread(const Config& config, Connection& store);

}  // namespace isinfetch::cli
