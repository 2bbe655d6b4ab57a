#include "config/load.hpp"

#include "config/bind.hpp"
#include "config/catalogue.hpp"
#include "config/keys.hpp"
#include "config/overrides.hpp"
#include "config/values.hpp"
#include "util/digest.hpp"
#include "util/file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace isinfetch {

namespace {

namespace fs = std::filesystem;

/// What decides how a file is read: another value, and the same bytes are another list.
constexpr std::array<std::string_view, 8> kMappingKeys{
    "format", "csv", "columns", "other_columns", "no_isin", "dates", "mic", "currency"};

void lay_document(Value& tree, const std::string& text, const std::string& name) {
    const Value document = parse_yaml(text, name);
    if (!is_mapping(document)) {
        fail(ErrorKind::config, "{}: expected 'key: value' pairs", document.origin);
    }
    overlay(tree, document);
}

void lay_catalogue(Value& tree, const fs::path& directory) {
    if (directory.empty()) {
        for (const CatalogueFile& file : builtin_catalogue()) {
            lay_document(tree, std::string(file.text), fmt::format("catalogue/{}", file.name));
        }
        return;
    }
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(directory)) {
        if (entry.path().extension() == ".yaml") {
            files.push_back(entry.path());
        }
    }
    std::sort(files.begin(), files.end());
    for (const fs::path& file : files) {
        lay_document(tree, read_file(file), file.native());
    }
}

/// A text that is the same for the same settings, whatever the order of keys.
std::string canonical(const Value& value) {
    std::string text = fmt::format("{}:{}", value.text.size(), value.text);
    for (const Value& item : value.items) {
        text += "[" + canonical(item) + "]";
    }
    std::vector<std::string> members;
    for (const auto& [key, member] : value.members) {
        members.push_back("{" + key + "=" + canonical(member) + "}");
    }
    std::sort(members.begin(), members.end());
    return text + join(members, "");
}

std::string mapping_digest(const Value& source) {
    std::string text;
    for (const std::string_view key : kMappingKeys) {
        text += fmt::format("{}={};", key, canonical(*source.find(key)));
    }
    return hex_digest(Digest::Algorithm::sha256, text);
}

bool has_column(const SourceConfig& source, std::string_view target) {
    return std::any_of(source.parse.columns.begin(),
                       source.parse.columns.end(),
                       [&](const Column& column) { return column.target == target; });
}

bool is_source_name(std::string_view name) noexcept {
    constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz0123456789-";
    return !name.empty() && name.front() != '-' &&
           name.find_first_not_of(kLetters) == std::string_view::npos;
}

/// Turns the member `sources` into SourceConfigs.
class SourceBinder {
public:
    SourceBinder(const Value& sources, const FetchOptions& network, Mistakes& mistakes)
        : sources_(sources), network_(network), mistakes_(mistakes) {}

    /// Leaves every source with all of its keys in `shown`.
    std::vector<SourceConfig> bind_all(Value& shown) {
        std::vector<SourceConfig> result;
        for (const auto& [name, entry] : sources_.members) {
            if (!is_source_name(name)) {
                mistakes_.add(entry.origin,
                              fmt::format("'{}' is no name for a source: use a-z, 0-9 and -",
                                          printable(name)));
            } else if (!is_mapping(entry)) {
                mistakes_.add(entry.origin, fmt::format("source '{}' has keys below it", name));
            } else {
                Value& tree = shown[name] = defaults_;
                overlay(tree, entry);
                result.push_back(bind_one(name, entry, tree));
            }
        }
        std::sort(result.begin(), result.end(), [](const auto& left, const auto& right) {
            return left.name < right.name;
        });
        return result;
    }

private:
    SourceConfig bind_one(const std::string& name, const Value& entry, const Value& tree) {
        refuse_unknown_keys(entry, paths_, "sources." + name + ".", mistakes_);
        SourceConfig source{.name = name, .fetch = network_};
        bind_keys(source_keys(), tree, source, mistakes_);
        source.mapping = mapping_digest(tree);
        const bool has_mic = has_column(source, "mic") || !source.validate.mic.empty();
        source.venue_is_mic = has_mic && !has_column(source, "venue");
        check(source, entry, tree);
        return source;
    }

    void check(const SourceConfig& source, const Value& entry, const Value& tree) {
        if (source.url.empty() || source.format == nullptr) {
            if (tree.find("format")->text.empty() || source.url.empty()) {
                mistakes_.add(entry.origin,
                              fmt::format("source '{}' needs a url and a format{}",
                                          source.name,
                                          suggestion(source.name)));
            }
            return;
        }
        if (source.format->name == "csv" && !has_column(source, "isin")) {
            mistakes_.add(entry.origin,
                          fmt::format("source '{}' needs columns: {{isin: NAME}}", source.name));
        }
        try {
            check_url(source.url, source.fetch);
        } catch (const Error& error) {
            mistakes_.add(tree.find("url")->origin, error.what());
        }
    }

    /// A name that the user wrote wrong looks like a new source that lacks everything.
    std::string suggestion(const std::string& name) const {
        std::vector<std::string> others;
        for (const auto& [other, entry] : sources_.members) {
            const Value* url = entry.find("url");
            if (other != name && url != nullptr) {
                others.push_back(other);
            }
        }
        const auto near = closest(name, others);
        return near ? ", or did you mean '" + *near + "'?" : "";
    }

    const Value& sources_;
    const FetchOptions& network_;
    Mistakes& mistakes_;
    Value defaults_ = default_tree(source_keys());
    std::vector<std::string> paths_ = paths_of(source_keys());
};

/// All layers but the defaults, lowest first.
Value lay_layers(const ConfigInputs& inputs, LoadedConfig& loaded) {
    Value tree;
    tree.kind = Value::Kind::mapping;
    const ConfigFiles files = find_config_files(inputs);
    lay_catalogue(tree, files.catalogue);
    for (const fs::path& file : files.files) {
        lay_document(tree, read_file(file), file.native());
    }
    lay_environment(tree, inputs, loaded.warnings);
    lay_settings(tree, inputs);
    return tree;
}

void set_state_dir(const ConfigInputs& inputs, Config& config, Value& shown, Mistakes& mistakes) {
    if (config.state_dir.empty()) {
        config.state_dir = default_state_dir(inputs);
    }
    if (config.state_dir.empty()) {
        mistakes.add("state_dir", "neither it nor HOME is set: give --state-dir");
        return;
    }
    config.state_dir = fs::absolute(config.state_dir);
    Value& value = shown["state_dir"];
    value.text = config.state_dir.native();
}

}  // namespace

const SourceConfig* Config::find(const std::string& name) const noexcept {
    const auto found =
        std::find_if(sources.begin(), sources.end(), [&](const SourceConfig& source) {
            return source.name == name;
        });
    return found == sources.end() ? nullptr : &*found;
}

LoadedConfig load_config(const ConfigInputs& inputs) {
    LoadedConfig loaded;
    Mistakes mistakes;
    Value tree = lay_layers(inputs, loaded);
    auto paths = paths_of(global_keys());
    paths.emplace_back("sources");
    refuse_unknown_keys(tree, paths, "", mistakes);

    Value& shown = loaded.tree;
    shown = default_tree(global_keys());
    overlay(shown, tree);
    Globals globals;
    bind_keys(global_keys(), shown, globals, mistakes);
    Value sources = shown["sources"];
    shown["sources"] = Value{.kind = Value::Kind::mapping, .origin = "default"};
    if (!is_mapping(sources)) {
        mistakes.add(sources.origin,
                     "sources are named by their key: write 'nse-equity:' and not '- name: …'");
    } else {
        globals.config.sources =
            SourceBinder(sources, globals.network, mistakes).bind_all(shown["sources"]);
    }
    set_state_dir(inputs, globals.config, shown, mistakes);
    mistakes.throw_if_any();
    loaded.config = std::move(globals.config);
    return loaded;
}

std::vector<KeyInfo> config_keys() {
    std::vector<KeyInfo> keys;
    const auto add = [&](const std::string& prefix, const auto& table) {
        for (const auto& key : table) {
            keys.push_back({.path = prefix + std::string(key.path),
                            .type = std::string(key.type),
                            .fallback = std::string(key.fallback),
                            .summary = std::string(key.summary)});
        }
    };
    add("", global_keys());
    add("sources.NAME.", source_keys());
    return keys;
}

}  // namespace isinfetch
