#include "config/load.hpp"

#include "config/bind.hpp"
#include "config/catalogue.hpp"
#include "config/keys.hpp"
#include "config/mapping.hpp"
#include "config/overrides.hpp"
#include "config/redact.hpp"
#include "config/values.hpp"
#include "util/file.hpp"
#include "util/host.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace isinfetch {

namespace {

namespace fs = std::filesystem;

void lay_document(Value& tree, const std::string& text, const std::string& name) {
    const Value document = [&] {
        try {
            return parse_yaml(text, name);
        } catch (const Error& error) {
            remember_secrets_of_broken(text);
            throw Error(error.kind(), error.what());  // which holds none of them now
        }
    }();
    if (!is_mapping(document)) {
        fail(ErrorKind::config, "{}: expected 'key: value' pairs", document.origin);
    }
    overlay(tree, document);
}

/// One of many files that cannot be read is a mistake in the configuration; when it is the main
/// one, somebody runs the program who has no right to it.
std::string read_text(const fs::path& file) {
    try {
        return read_file(file);
    } catch (const Error& error) {
        const bool is_one_of_many = file.parent_path().filename() == "conf.d";
        const bool is_mistake = error.kind() == ErrorKind::gone ||
                                (error.kind() == ErrorKind::permission && is_one_of_many);
        throw Error(is_mistake ? ErrorKind::config : error.kind(), error.what());
    }
}

/// The files of the catalogue, by name.
std::vector<std::pair<std::string, std::string>> read_catalogue(const fs::path& directory) {
    std::vector<std::pair<std::string, std::string>> texts;
    if (directory.empty()) {
        for (const CatalogueFile& file : builtin_catalogue()) {
            texts.emplace_back(fmt::format("catalogue/{}", file.name), file.text);
        }
        return texts;
    }
    for (const fs::path& file : yaml_files(directory)) {
        texts.emplace_back(file.native(), read_text(file));
    }
    return texts;
}

/// The files of the user, in their order, by name. Read once: they may be pipes.
struct UserTexts {
    fs::path catalogue{};
    std::vector<std::pair<std::string, std::string>> files{};
};

UserTexts read_user_texts(const ConfigInputs& inputs) {
    const ConfigFiles found = find_config_files(inputs);
    UserTexts texts{.catalogue = found.catalogue};
    for (const fs::path& file : found.files) {
        texts.files.emplace_back(file.native(), read_text(file));
    }
    return texts;
}

/// Can a file whose sources are not looked at matter? Its text tells without being parsed: a source
/// is a key ("nse-equity:"), and so is being enabled.
bool may_matter(const std::string& text, const std::vector<std::string>& names) {
    const auto mentions = [&](const std::string& word) {
        return text.find(word) != std::string::npos;
    };
    return mentions("enabled") || std::any_of(names.begin(), names.end(), [&](const auto& name) {
               return mentions(name + ":");
           });
}

/// The names of sources that `user` has, and of those that are of interest anyway; none: all.
std::optional<std::vector<std::string>> wanted_names(const ConfigInputs& inputs,
                                                     const Value& user) {
    auto names = inputs.sources;
    const Value* sources = user.find("sources");
    if (names && sources != nullptr) {
        for (const auto& [name, entry] : sources->members) {
            names->push_back(name);
        }
    }
    return names;
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

/// "xetra: yes" was meant as xetra: {enabled: yes}.
std::string complaint_about_entry(const std::string& name, const Value& entry) {
    const bool is_off = entry.text == "no" || entry.text == "false" || entry.text == "off";
    return fmt::format("source '{0}' takes keys below it, not {1}: write '{0}: {{enabled: {2}}}'",
                       name,
                       shown_value(entry),
                       is_off ? "false" : "true");
}

std::string complaint_about_sources(const Value& sources) {
    const Value& first = sources.items.empty() ? sources : sources.items.front();
    const Value* name = first.find("name");
    const std::string& text = name == nullptr ? first.text : name->text;
    const std::string shown = text.empty() ? "nse-equity" : printable(text);
    return name == nullptr ? fmt::format(
                                 "sources are named by their key: write '{}: {{enabled: "
                                 "true}}' below it",
                                 shown)
                           : fmt::format(
                                 "sources are named by their key: write '{}:' and its "
                                 "keys below it, without '- '",
                                 shown);
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
                mistakes_.add(entry.origin, complaint_about_entry(name, entry));
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
        bind_keys(source_keys(), tree, fmt::format("sources.{}.", name), source, mistakes_);
        source.fetch.addresses.own_urls = {source.url, source.checksum};
        source.mapping = mapping_digest(tree);
        source.fetch.accept_html = source.format == find_format("html-table");
        // A MIC that all rows share tells none apart: when it is set for the first time, every row
        // moves there, and none comes or goes.
        source.venue_is_mic = has_column(source, "mic") && !has_column(source, "venue");
        check(source, entry, tree);
        check_zone(source, tree);
        return source;
    }

    void check(const SourceConfig& source, const Value& entry, const Value& tree) {
        const bool has_format = !tree.find("format")->text.empty();
        if (source.url.empty() || !has_format) {
            mistakes_.add(entry.origin,
                          fmt::format("source '{}' needs {}{}",
                                      source.name,
                                      has_format           ? "a url"
                                      : source.url.empty() ? "a url and a format"
                                                           : "a format: write 'format: csv', see "
                                                             "'isinfetch formats'",
                                      source.url.empty() ? suggestion(source.name) : ""));
        }
        if (source.url.empty() || source.format == nullptr) {
            return;
        }
        check_columns(source, entry);
        try {
            check_url(source.url, source.fetch);
            if (source.discovery != nullptr && source.discovery->check != nullptr) {
                source.discovery->check(discover_request(source));
            }
        } catch (const Error& error) {
            mistakes_.add(tree.find("url")->origin, error.what());
        }
    }

    void check_columns(const SourceConfig& source, const Value& entry) {
        const ColumnNames names = source.format->columns;
        if (names != ColumnNames::none && !has_column(source, "isin")) {
            mistakes_.add(entry.origin,
                          fmt::format("source '{}' needs columns: {{isin: {}}}",
                                      source.name,
                                      names == ColumnNames::bytes ? "FIRST-LAST" : "NAME"));
        }
        if (names != ColumnNames::bytes) {
            return;
        }
        for (const Column& column : source.parse.columns) {
            if (column.names.size() != 1 || !ByteRange::parse(column.names.front())) {
                mistakes_.add(entry.origin,
                              fmt::format("source '{}', column '{}': '{}' is no range of bytes "
                                          "such as 231-242",
                                          source.name,
                                          column.target,
                                          printable(column.names.front())));
            }
        }
    }

    /// On a machine without time zones only those sources are at fault that cannot do without.
    void check_zone(const SourceConfig& source, const Value& tree) {
        if (!source.enabled || !source.cadence.not_before) {
            return;
        }
        try {
            source.cadence.zone.to_local(Timestamp{});
        } catch (const Error& error) {
            mistakes_.add(tree.find("zone")->origin, error.what());
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

bool sets_sources(const ConfigInputs& inputs) {
    const auto is_about_sources = [](const std::string& text) {
        return text.starts_with("sources.") || text.starts_with("ISINFETCH_SOURCES__");
    };
    return std::any_of(inputs.settings.begin(), inputs.settings.end(), is_about_sources) ||
           std::any_of(inputs.environment.begin(),
                       inputs.environment.end(),
                       [&](const auto& variable) { return is_about_sources(variable.first); });
}

/// All layers but the defaults, lowest first.
Value lay_layers(const ConfigInputs& inputs, const UserTexts& texts, LoadedConfig& loaded) {
    const Value empty{.kind = Value::Kind::mapping};
    Value user = empty;
    for (const auto& [name, text] : texts.files) {
        lay_document(user, text, name);
    }
    Value tree = empty;
    const auto names = sets_sources(inputs) ? std::nullopt : wanted_names(inputs, user);
    for (const auto& [name, text] : read_catalogue(texts.catalogue)) {
        if (!names || may_matter(text, *names)) {
            lay_document(tree, text, name);
        }
    }
    remember_secrets(user);  // before somebody complains of a variable or a setting
    remember_secrets(inputs.environment);
    overlay(tree, user);
    lay_environment(tree, inputs, loaded.warnings);
    lay_settings(tree, inputs);
    remember_secrets(tree);
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

LoadedConfig load_layers(const ConfigInputs& inputs, const UserTexts& texts) {
    LoadedConfig loaded;
    Mistakes mistakes;
    Value tree = lay_layers(inputs, texts, loaded);
    auto paths = paths_of(global_keys());
    paths.emplace_back("sources");
    refuse_unknown_keys(tree, paths, "", mistakes);

    Value& shown = loaded.tree;
    shown = default_tree(global_keys());
    overlay(shown, tree);
    Globals globals;
    bind_keys(global_keys(), shown, "", globals, mistakes);
    Value sources = shown["sources"];
    shown["sources"] = Value{.kind = Value::Kind::mapping, .origin = "default"};
    if (!is_mapping(sources)) {
        mistakes.add(sources.origin, complaint_about_sources(sources));
    } else {
        globals.config.sources =
            SourceBinder(sources, globals.network, mistakes).bind_all(shown["sources"]);
    }
    set_state_dir(inputs, globals.config, shown, mistakes);
    mistakes.throw_if_any();
    loaded.config = std::move(globals.config);
    return loaded;
}

}  // namespace

DiscoverRequest discover_request(const SourceConfig& source) {
    return {.source = source.name,
            .url = source.url,
            .checksum = source.checksum,
            .zone = source.cadence.zone,
            .find = source.find,
            .format = source.format,
            .parse = &source.parse,
            .options = source.fetch};
}

std::string Config::host() const {
    return host_name.empty() ? isinfetch::host_name() : host_name;
}

const SourceConfig* Config::find(const std::string& name) const noexcept {
    const auto found =
        std::find_if(sources.begin(), sources.end(), [&](const SourceConfig& source) {
            return source.name == name;
        });
    return found == sources.end() ? nullptr : &*found;
}

LoadedConfig load_config(const ConfigInputs& inputs) {
    const UserTexts texts = read_user_texts(inputs);
    if (!inputs.sources) {
        return load_layers(inputs, texts);
    }
    // Whatever is wrong is better explained by one who knows the whole catalogue.
    try {
        LoadedConfig loaded = load_layers(inputs, texts);
        const auto is_known = [&](const std::string& name) {
            return loaded.config.find(name) != nullptr;
        };
        if (std::all_of(inputs.sources->begin(), inputs.sources->end(), is_known)) {
            return loaded;
        }
    } catch (const Error&) {
    }
    ConfigInputs all = inputs;
    all.sources.reset();
    return load_layers(all, texts);
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
