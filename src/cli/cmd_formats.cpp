#include "cli/commands.hpp"
#include "cli/listing_output.hpp"
#include "cli/table.hpp"
#include "discover/discovery.hpp"
#include "parse/format.hpp"
#include "util/json.hpp"

#include <ostream>

namespace isinfetch::cli {

namespace {

struct Entry {
    std::string_view family;
    std::string_view name;
    std::string_view summary;
};

/// Every open-ended family of the program, from the very tables that it works with.
std::vector<Entry> all_entries() {
    std::vector<Entry> entries;
    for (const Format& format : formats()) {
        entries.push_back({"format", format.name, format.summary});
    }
    for (const DiscoveryMethod& method : discovery_methods()) {
        entries.push_back({"discovery", method.name, method.summary});
    }
    for (const Backend& backend : backends()) {
        entries.push_back({"store", backend.name, backend.summary});
    }
    for (const ExportFormat& format : export_formats()) {
        entries.push_back({"export", format.name, format.summary});
    }
    return entries;
}

ExitCode show_formats(OutputFormat output, Session& session) {
    std::ostream& out = session.streams().out;
    if (output == OutputFormat::json) {
        JsonWriter json(out);
        json.begin_array();
        for (const Entry& entry : all_entries()) {
            json.begin_object();
            json.field("family", entry.family);
            json.field("name", entry.name);
            json.field("summary", entry.summary);
            json.end_object();
        }
        json.end_array();
        out << '\n';
        return ExitCode::ok;
    }
    Table table({"FAMILY", "NAME", "SUMMARY"});
    for (const Entry& entry : all_entries()) {
        table.add({std::string(entry.family), std::string(entry.name), std::string(entry.summary)});
    }
    table.write(out);
    return ExitCode::ok;
}

}  // namespace

void add_formats(CLI::App& app, Action& action) {
    auto output = std::make_shared<OutputFormat>(OutputFormat::automatic);
    CLI::App* formats_app = app.add_subcommand(
        "formats", "List the formats, discovery methods, stores and export formats");
    add_output_format(*formats_app, *output);
    formats_app->callback([output, &action] {
        action = [output](Session& session) { return show_formats(*output, session); };
    });
}

}  // namespace isinfetch::cli
