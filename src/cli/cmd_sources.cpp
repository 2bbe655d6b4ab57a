#include "cli/cmd_sources_test.hpp"
#include "cli/commands.hpp"
#include "cli/config_target.hpp"
#include "cli/table.hpp"
#include "config/enable.hpp"
#include "util/atomic_file.hpp"
#include "util/json.hpp"

#include <algorithm>
#include <filesystem>
#include <ostream>

namespace isinfetch::cli {

namespace {

struct SourcesCommand {
    std::vector<std::string> names{};
    std::vector<std::string> enable{};
    OutputFormat output = OutputFormat::automatic;
};

std::vector<const SourceConfig*> selected(const SourcesCommand& command, Session& session) {
    std::vector<const SourceConfig*> sources;
    for (const std::string& name : command.names) {
        sources.push_back(&find_source(session.config(), name));
    }
    for (const SourceConfig& source : session.config().sources) {
        if (command.names.empty()) {
            sources.push_back(&source);
        }
    }
    return sources;
}

/// "18:30", or nothing.
std::string not_before(const Cadence& cadence) {
    return cadence.not_before ? format_time_of_day(*cadence.not_before) : "";
}

void write_json(std::ostream& out, const std::vector<const SourceConfig*>& sources) {
    JsonWriter json(out);
    json.begin_array();
    for (const SourceConfig* source : sources) {
        json.begin_object();
        json.field("source", source->name);
        json.flag("enabled", source->enabled);
        json.field("title", source->title);
        json.field("publisher", source->publisher);
        json.field("homepage", source->homepage);
        json.field("terms", source->terms);
        json.field("attribution", source->attribution);
        json.field("url", redacted(source->url));
        json.field("discovery", source->discovery->name);
        json.field("format", source->format->name);
        json.field("every", format_duration(source->cadence.every));
        json.field("not_before", not_before(source->cadence));
        json.field("zone", source->cadence.zone.name());
        json.field("mic", source->validate.mic);
        json.field("no_mic", source->no_mic);
        json.end_object();
    }
    json.end_array();
    out << '\n';
}

void write_text(std::ostream& out, const std::vector<const SourceConfig*>& sources) {
    Table table(
        {"SOURCE", "ENABLED", "FOUND BY", "FORMAT", "EVERY", "NOT BEFORE", "PUBLISHER", "TITLE"});
    for (const SourceConfig* source : sources) {
        table.add({source->name,
                   source->enabled ? "yes" : "no",
                   std::string(source->discovery->name),
                   std::string(source->format->name),
                   format_duration(source->cadence.every),
                   source->cadence.not_before
                       ? not_before(source->cadence) + " " + source->cadence.zone.name()
                       : "-",
                   source->publisher,
                   source->title});
    }
    table.write(out);
    for (const SourceConfig* source : sources) {
        if (!source->attribution.empty()) {
            out << '\n'
                << source->name << ": whoever passes its data on says:\n  " << source->attribution
                << '\n';
        }
    }
}

/// What people wrote stays as it is, comments included.
ExitCode enable(const SourcesCommand& command, Session& session) {
    for (const std::string& name : command.enable) {
        find_source(session.config(), name);
    }
    for (const std::string& name : command.enable) {
        const auto path = file_to_edit(name, session);
        const bool is_there = std::filesystem::exists(path);
        if (is_there && !std::filesystem::is_regular_file(path)) {
            fail(ErrorKind::usage, "{}: is no file that can be edited", path.native());
        }
        if (!is_there) {
            make_directories(path.parent_path());
        }
        const std::string before = is_there ? read_file(path) : "";
        AtomicFile file(path);
        file.write(with_source_enabled(before, path.native(), name));
        file.commit_as_before();
        session.streams().out << "enabled in " << path.native() << '\n';
    }
    return ExitCode::ok;
}

ExitCode sources(const SourcesCommand& command, Session& session) {
    if (!command.enable.empty()) {
        return enable(command, session);
    }
    const auto chosen = selected(command, session);
    if (command.output == OutputFormat::json) {
        write_json(session.streams().out, chosen);
    } else {
        write_text(session.streams().out, chosen);
    }
    return ExitCode::ok;
}

}  // namespace

void add_sources(CLI::App& app, Action& action) {
    auto command = std::make_shared<SourcesCommand>();
    CLI::App* sources_app = app.add_subcommand("sources", "List the sources that are known");
    CLI::Option* const names =
        sources_app->add_option("SOURCE", command->names, "Sources to show; else all")
            ->type_name("");
    sources_app->add_option("--enable", command->enable, "Enable these sources from now on")
        ->type_name("SOURCE")
        ->excludes(names);
    add_output_format(*sources_app, command->output);
    add_sources_test(*sources_app, action);
    sources_app->callback([command, sources_app, &action] {
        if (!sources_app->get_subcommands().empty()) {
            return;  // CLI11 calls this one last
        }
        action = [command](Session& session) { return sources(*command, session); };
    });
}

}  // namespace isinfetch::cli
