#include "cli/commands.hpp"
#include "cli/known_sources.hpp"
#include "cli/listing_output.hpp"
#include "cli/no_answer.hpp"
#include "cli/selection.hpp"

#include <ostream>

namespace isinfetch::cli {

namespace {

struct ListCommand {
    Selection selection{};
    OutputFormat output = OutputFormat::automatic;
};

ExitCode list(const ListCommand& command, Session& session) {
    const ListingFilter filter = make_filter(command.selection);
    const auto store = open_to_read(session, command.selection.sources);
    warn_of_pruned(*store, filter.sources, filter.as_of);
    require_list_at(*store, filter.sources, filter.as_of);
    std::ostream& out = session.streams().out;
    std::uint64_t count = 0;
    if (command.output != OutputFormat::json) {
        for_each_listing(*store, filter, [&](const StoredListing& stored) {
            out << listing_line(stored.listing) << '\n';
            ++count;
        });
    } else {
        JsonWriter json(out);
        json.begin_array();
        for_each_listing(*store, filter, [&](const StoredListing& stored) {
            out << '\n';
            write_listing_json(json, stored);
            ++count;
        });
        json.end_array();
        out << '\n';
    }
    if (count == 0) {
        explain_nothing(*store, filter);
    }
    return ExitCode::ok;
}

}  // namespace

void add_list(CLI::App& app, Action& action) {
    auto command = std::make_shared<ListCommand>();
    CLI::App* list_app = app.add_subcommand("list", "List stored listings, one per line");
    add_selection_options(*list_app, command->selection);
    list_app->add_option("--source", command->selection.sources, "Only of this source")
        ->type_name("SOURCE")
        ->allow_extra_args(false);
    add_output_format(*list_app, command->output);
    list_app->callback([command, &action] {
        action = [command](Session& session) { return list(*command, session); };
    });
}

}  // namespace isinfetch::cli
