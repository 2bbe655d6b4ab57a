#include "config/overrides.hpp"

#include "config/bind.hpp"
#include "util/file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace isinfetch {

namespace {

constexpr std::string_view kPrefix = "ISINFETCH_";

// Variables of the program that are no keys.
constexpr std::array<std::string_view, 4> kNoKeys{"CONFIG", "CATALOGUE", "REAL_DATA", "BIN"};

/// "sources.nse-equity.url" as it is written in a variable's name: SOURCES__NSE_EQUITY__URL.
std::string variable_name(std::string_view path) {
    std::string name;
    for (const char letter : upper(path)) {
        name += letter == '.' ? "__" : std::string(1, letter == '-' ? '_' : letter);
    }
    return name;
}

struct NamedKey {
    std::string path{};
    std::string_view type{};
};

/// Every key that a variable can mean: those of the top level and those of each known source.
std::vector<NamedKey> reachable_keys(const Value& tree) {
    std::vector<NamedKey> keys;
    for (const auto& key : global_keys()) {
        keys.push_back({std::string(key.path), key.type});
    }
    const Value* sources = tree.find("sources");
    if (sources == nullptr) {
        return keys;
    }
    for (const auto& [name, entry] : sources->members) {
        for (const auto& key : source_keys()) {
            keys.push_back({fmt::format("sources.{}.{}", name, key.path), key.type});
        }
    }
    return keys;
}

const NamedKey* find_variable(const std::vector<NamedKey>& keys, std::string_view name) {
    const auto found = std::find_if(keys.begin(), keys.end(), [&](const NamedKey& key) {
        return variable_name(key.path) == name;
    });
    return found == keys.end() ? nullptr : &*found;
}

/// The type of the key at `path`; of a place inside a mapping ("columns.isin"), a list.
std::string_view type_at(const std::string& path, const std::vector<NamedKey>& keys) {
    for (const NamedKey& key : keys) {
        if (key.path == path) {
            return key.type;
        }
        if (path.starts_with(key.path + ".")) {
            return key.type == "mapping of lists" ? "list of texts" : "text";
        }
    }
    return "list of texts";
}

/// Keys below "sources.NAME" for a source that only the command line knows.
std::string_view type_of_setting(const std::string& path, const Value& tree) {
    const auto parts = split(path, '.');
    if (parts.size() > 2 && parts[0] == "sources") {
        Value with_source = tree;
        at_path(with_source, fmt::format("sources.{}", parts[1]), "");
        return type_at(path, reachable_keys(with_source));
    }
    return type_at(path, reachable_keys(tree));
}

/// What is in the file that ISINFETCH_…_FILE names.
std::string value_in_file(const std::pair<std::string, std::string>& variable) {
    try {
        return std::string(trim(read_file(variable.second)));
    } catch (const Error& error) {
        fail(ErrorKind::config, "environment {}: {}", variable.first, error.what());
    }
}

bool is_number(std::string_view text) noexcept {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// What Kubernetes tells each container of a namespace about its services, and Docker of linked
/// containers: of a service "isinfetch" ISINFETCH_SERVICE_HOST, ISINFETCH_PORT_80_TCP_ADDR …, of
/// "isinfetch-web" ISINFETCH_WEB_PORT.
/// Source: https://kubernetes.io/docs/tutorials/services/connect-applications-service/
bool is_service_link(std::string_view name) {
    const auto words = split(name, '_');
    const auto word = [&](std::size_t behind) {
        return behind < words.size() ? words[words.size() - 1 - behind] : std::string_view();
    };
    const bool is_detail = word(0) == "PROTO" || word(0) == "PORT" || word(0) == "ADDR";
    const auto is_port = [&](std::size_t protocol) {
        const std::string_view text = word(protocol);
        return (text == "TCP" || text == "UDP" || text == "SCTP") &&
               is_number(word(protocol + 1)) && word(protocol + 2) == "PORT";
    };
    return name.ends_with("SERVICE_HOST") || name.ends_with("SERVICE_PORT") ||
           name.find("_SERVICE_PORT_") != std::string_view::npos || word(0) == "PORT" ||
           is_port(0) || (is_detail && is_port(1));
}

void lay_variable(Value& tree,
                  const std::vector<NamedKey>& keys,
                  const std::pair<std::string, std::string>& variable,
                  std::vector<std::string>& warnings) {
    const std::string_view name = std::string_view(variable.first).substr(kPrefix.size());
    std::string text = variable.second;
    const NamedKey* key = find_variable(keys, name);
    if (key == nullptr && name.ends_with("_FILE")) {
        key = find_variable(keys, name.substr(0, name.size() - 5));
        text = key == nullptr ? text : value_in_file(variable);
    }
    if (key != nullptr) {
        lay_outside_value(tree, key->path, key->type, text, "environment " + variable.first);
        return;
    }
    if (is_service_link(variable.first)) {
        return;
    }
    std::vector<std::string> names;
    std::transform(keys.begin(), keys.end(), std::back_inserter(names), [](const NamedKey& known) {
        return std::string(kPrefix) + variable_name(known.path);
    });
    const auto near = closest(variable.first, names);
    warnings.push_back(fmt::format("environment {}: means no key{}",
                                   variable.first,
                                   near ? ", did you mean " + *near + "?" : ""));
}

/// Is it one of ours, and none of those that are no keys?
bool may_mean_key(std::string_view name) {
    return name.starts_with(kPrefix) && !name.starts_with("ISINFETCH_TEST_") &&
           std::find(kNoKeys.begin(), kNoKeys.end(), name.substr(kPrefix.size())) == kNoKeys.end();
}

}  // namespace

void lay_environment(Value& tree, const ConfigInputs& inputs, std::vector<std::string>& warnings) {
    for (const auto& [name, text] : inputs.environment) {
        if (name == "STATE_DIRECTORY" && !text.empty()) {
            lay_outside_value(
                tree, "state_dir", "path", text.substr(0, text.find(':')), "environment " + name);
        }
    }
    std::vector<NamedKey> keys;
    for (const auto& variable : inputs.environment) {
        // An empty variable is one that is not there: container files cannot leave one out.
        if (!may_mean_key(variable.first) || variable.second.empty()) {
            continue;
        }
        if (keys.empty()) {
            keys = reachable_keys(tree);
        }
        lay_variable(tree, keys, variable, warnings);
    }
}

void lay_settings(Value& tree, const ConfigInputs& inputs) {
    for (const std::string& setting : inputs.settings) {
        const std::size_t equals = setting.find('=');
        if (equals == std::string::npos || equals == 0) {
            fail(ErrorKind::usage, "--set '{}': expected KEY=VALUE", printable(setting));
        }
        const std::string path = setting.substr(0, equals);
        const std::string_view type = type_of_setting(path, tree);
        lay_outside_value(tree, path, type, setting.substr(equals + 1), "--set " + path);
    }
    if (inputs.state_dir) {
        lay_outside_value(tree, "state_dir", "path", inputs.state_dir->native(), "--state-dir");
    }
}

}  // namespace isinfetch
