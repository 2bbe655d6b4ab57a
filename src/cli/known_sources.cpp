#include "cli/known_sources.hpp"

#include "util/error.hpp"
#include "util/log.hpp"
#include "util/text.hpp"

#include <algorithm>

namespace isinfetch::cli {

namespace {

std::vector<std::string> all_names(const Config& config, const StatesByName& states) {
    std::vector<std::string> names;
    names.reserve(config.sources.size() + states.size());
    for (const SourceConfig& source : config.sources) {
        names.push_back(source.name);
    }
    for (const auto& [name, state] : states) {
        names.push_back(name);
    }
    return names;
}

bool has_list(const StatesByName& states, const std::string& name) {
    const auto known = states.find(name);
    return known != states.end() && known->second.head != 0;
}

std::string why_unread(const std::string& name, const StatesByName& states) {
    const auto known = states.find(name);
    const bool was_tried = known != states.end() && !known->second.last_error.empty();
    return was_tried ? fmt::format("{}: no list is stored yet, the last run failed: {}",
                                   name,
                                   known->second.last_error)
                     : fmt::format(
                           "{}: no list is stored yet: 'isinfetch run {}' fetches it", name, name);
}

}  // namespace

StatesByName states_by_name(Connection& store) {
    StatesByName states;
    for (SourceState& state : load_states(store)) {
        states.emplace(state.source, std::move(state));
    }
    return states;
}

void check_known(const std::vector<std::string>& names,
                 const Config& config,
                 const StatesByName& states) {
    for (const std::string& name : names) {
        if (config.find(name) != nullptr || states.contains(name)) {
            continue;
        }
        const auto near = closest(name, all_names(config, states));
        fail(ErrorKind::usage,
             "{}: no such source{}: it is neither in the configuration nor in the store:"
             " 'isinfetch sources' lists them",
             printable(name),
             near ? ", did you mean '" + *near + "'?" : "");
    }
}

std::unique_ptr<Connection> open_to_audit(Session& session, const std::vector<std::string>& names) {
    try {
        auto store = session.open_to_read();
        check_known(names, session.config(), states_by_name(*store));
        return store;
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::gone) {
            check_known(names, session.config(), {});
        }
        throw;
    }
}

std::unique_ptr<Connection> open_to_read(Session& session, const std::vector<std::string>& names) {
    auto store = open_to_audit(session, names);
    const StatesByName states = states_by_name(*store);
    const bool none = std::ranges::none_of(
        names, [&](const std::string& name) { return has_list(states, name); });
    const auto has_any = [&](const auto& entry) { return has_list(states, entry.first); };
    if (std::ranges::none_of(states, has_any) && names.empty()) {
        fail(ErrorKind::gone, "nothing is stored yet: 'isinfetch run' fetches the enabled lists");
    }
    for (const std::string& name : names) {
        if (none) {
            fail(ErrorKind::gone, "{}", why_unread(name, states));
        }
        if (!has_list(states, name)) {
            log(LogLevel::warning, "{}", why_unread(name, states));
        } else if (session.config().find(name) == nullptr) {
            log(LogLevel::warning,
                "{}: not in the configuration any more: its list is that of {}",
                name,
                states.at(name).published);
        }
    }
    return store;
}

void warn_of_unread(const Config& config, Connection& store) {
    const StatesByName states = states_by_name(store);
    for (const SourceConfig& source : config.sources) {
        if (source.enabled && !has_list(states, source.name)) {
            log(LogLevel::warning, "{}", why_unread(source.name, states));
        }
    }
}

}  // namespace isinfetch::cli
