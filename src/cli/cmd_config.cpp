#include "cli/commands.hpp"
#include "cli/table.hpp"
#include "config/redact.hpp"
#include "util/json.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <ostream>

namespace isinfetch::cli {

namespace {

void write_json(JsonWriter& json, const Value& value, bool with_origin) {
    switch (value.kind) {
        case Value::Kind::scalar:
            if (with_origin) {
                json.begin_object();
                json.field("value", value.text).field("origin", value.origin);
                json.end_object();
            } else {
                json.text(value.text);
            }
            return;
        case Value::Kind::list:
            json.begin_array();
            for (const Value& item : value.items) {
                write_json(json, item, with_origin);
            }
            json.end_array();
            return;
        case Value::Kind::mapping:
            json.begin_object();
            for (const auto& [key, member] : value.members) {
                json.key(key);
                write_json(json, member, with_origin);
            }
            json.end_object();
            return;
    }
}

/// A scalar that YAML reads back as the same text. JSON strings are YAML.
std::string yaml_scalar(const std::string& text) {
    const bool plain = !text.empty() &&
                       text.find_first_not_of(
                           "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                           "0123456789_./%:-") == std::string::npos &&
                       text.find(": ") == std::string::npos && text.back() != ':' &&
                       text.front() != '-' && text.front() != '%' && text.front() != ':';
    return plain ? text : json_quote(text);
}

std::string yaml_list(const Value& list) {
    std::vector<std::string> items;
    for (const Value& item : list.items) {
        items.push_back(item.kind == Value::Kind::list ? yaml_list(item) : yaml_scalar(item.text));
    }
    return "[" + join(items, ", ") + "]";
}

void write_yaml(std::ostream& out,
                const Value& value,
                const std::string& indent,
                bool with_origin) {
    for (const auto& [key, member] : value.members) {
        const std::string origin = with_origin ? "  # " + member.origin : "";
        out << indent << key << ':';
        if (member.kind == Value::Kind::mapping && !member.members.empty()) {
            out << '\n';
            write_yaml(out, member, indent + "  ", with_origin);
        } else if (member.kind == Value::Kind::mapping) {
            out << " {}" << origin << '\n';
        } else {
            const bool is_list = member.kind == Value::Kind::list;
            out << ' ' << (is_list ? yaml_list(member) : yaml_scalar(member.text)) << origin
                << '\n';
        }
    }
}

struct ShowCommand {
    bool origin = false;
    OutputFormat output = OutputFormat::automatic;
};

ExitCode show(const ShowCommand& command, Session& session) {
    std::ostream& out = session.streams().out;
    const Value tree = without_secrets(session.loaded().tree);
    if (command.output == OutputFormat::json) {
        JsonWriter json(out);
        write_json(json, tree, command.origin);
        out << '\n';
    } else {
        write_yaml(out, tree, "", command.origin);
    }
    return ExitCode::ok;
}

ExitCode check_config(Session& session) {
    const Config& config = session.config();
    session.streams().out << fmt::format(
        "configuration is correct: {}, {} enabled\n",
        counted(config.sources.size(), "source"),
        std::count_if(config.sources.begin(), config.sources.end(), [](const SourceConfig& source) {
            return source.enabled;
        }));
    return ExitCode::ok;
}

ExitCode show_paths(Session& session) {
    std::ostream& out = session.streams().out;
    const ConfigFiles files = find_config_files(session.inputs());
    out << "catalogue  " << (files.catalogue.empty() ? "built in" : files.catalogue.native())
        << '\n';
    for (const auto& file : files.files) {
        out << "file       " << file.native() << '\n';
    }
    out << "state      " << session.config().state_dir.native() << '\n';
    return ExitCode::ok;
}

ExitCode show_keys(Session& session) {
    Table table({"KEY", "TYPE", "DEFAULT", "MEANING"});
    for (const KeyInfo& key : config_keys()) {
        table.add({key.path, key.type, key.fallback.empty() ? "-" : key.fallback, key.summary});
    }
    table.write(session.streams().out);
    return ExitCode::ok;
}

}  // namespace

void add_config(CLI::App& app, Action& action) {
    CLI::App* config = app.add_subcommand("config", "Check and show the configuration");
    config->require_subcommand(1);
    config->add_subcommand("check", "Say whether the configuration is correct")
        ->callback([&action] { action = check_config; });
    auto command = std::make_shared<ShowCommand>();
    CLI::App* show_app = config->add_subcommand("show", "Print every key with its effective value");
    show_app->add_flag("--origin", command->origin, "Say where each value was set");
    add_output_format(*show_app, command->output);
    show_app->callback([command, &action] {
        action = [command](Session& session) { return show(*command, session); };
    });
    config->add_subcommand("path", "Print which files are read")->callback([&action] {
        action = show_paths;
    });
    config->add_subcommand("keys", "List every key that a configuration may have")
        ->callback([&action] { action = show_keys; });
}

}  // namespace isinfetch::cli
