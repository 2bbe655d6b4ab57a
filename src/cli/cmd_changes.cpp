#include "cli/bulk.hpp"
#include "cli/commands.hpp"
#include "cli/known_sources.hpp"
#include "cli/listing_output.hpp"
#include "cli/no_answer.hpp"
#include "cli/selection.hpp"
#include "util/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ostream>
#include <sstream>

namespace isinfetch::cli {

namespace {

constexpr std::string_view kNew = "new";  // what many people call "added"

struct ChangesCommand {
    std::vector<std::string> sources{};
    std::string since{};
    std::string until{};
    std::vector<std::string> kinds{};
    bool by_run = false;
    std::string output{"text"};
    bool spreadsheet_safe = false;
};

/// One way to print changes, one line each.
struct ChangesFormat {
    std::string_view name;
    std::string (*head)();
    std::string (*line)(const PublishedChange& change, CsvCells cells);
};

std::string no_head() {
    return "";
}

std::string text_line(const PublishedChange& change, CsvCells /*cells*/) {
    return fmt::format("{}  {:15}  {:14}  {}\n",
                       change.published,
                       change.kind,
                       change.source,
                       listing_line(change.listing));
}

std::string csv_head() {
    std::string line = "source,kind,published,seen,run_id";
    for (const FieldInfo& field : field_table()) {
        append_csv(line, field.name);
    }
    return line + ",other\n";
}

std::string csv_line(const PublishedChange& change, CsvCells cells) {
    std::string line = change.source;
    for (const std::string* text :
         {&change.kind, &change.published, &change.seen, &change.run_id}) {
        append_csv(line, *text);
    }
    for (const std::string& field : change.listing.fields) {
        append_csv(line, field, cells);
    }
    append_csv(line, change.listing.other, cells);
    return line + "\n";
}

std::string json_line(const PublishedChange& change, CsvCells /*cells*/) {
    std::ostringstream out;
    JsonWriter json(out);
    json.begin_object();
    json.field("source", change.source);
    json.field("kind", change.kind);
    json.field("published", change.published);
    json.field("seen", change.seen);
    json.field("run_id", change.run_id);
    write_listing_fields(json, change.listing);
    json.end_object();
    return out.str() + "\n";
}

constexpr std::array kFormats{
    ChangesFormat{"text", no_head, text_line},
    ChangesFormat{"csv", csv_head, csv_line},
    ChangesFormat{"json", no_head, json_line},
};

/// A day means its beginning, a duration that long ago.
Timestamp parse_since(const std::string& text) {
    if (const auto duration = parse_duration(text)) {
        return now() - *duration;
    }
    if (const auto time = parse_time(text)) {
        return *time;
    }
    fail(ErrorKind::usage,
         "--since: '{}': not a date (2026-05-17), a time (2026-05-17T08:00:00Z) or a duration (7d)",
         printable(text));
}

PublishedFilter make_filter(const ChangesCommand& command) {
    PublishedFilter filter{.sources = command.sources,
                           .kinds = command.kinds,
                           .since = parse_since(command.since),
                           .by_run = command.by_run};
    std::ranges::replace(filter.kinds, std::string(kNew), std::string("added"));
    if (!command.until.empty()) {
        filter.until = parse_moment(command.until);
        if (*filter.until < *filter.since) {
            fail(ErrorKind::usage, "--until {} is before --since {}", command.until, command.since);
        }
    }
    return filter;
}

ExitCode changes(const ChangesCommand& command, Session& session) {
    const CsvCells cells = csv_cells(command.spreadsheet_safe, command.output);
    const PublishedFilter filter = make_filter(command);
    const auto store = open_to_read(session, command.sources);
    warn_of_pruned(*store, filter.sources, filter.since);
    require_list_at(*store, filter.sources, filter.until);
    const auto* const format = std::ranges::find(kFormats, command.output, &ChangesFormat::name);
    BulkOutput output(session.streams().out);
    output.text() += format->head();
    for_each_published_change(*store, filter, [&](const PublishedChange& change) {
        output.text() += format->line(change, cells);
        output.flush_when_large();
    });
    output.flush();
    return ExitCode::ok;
}

std::vector<std::string> kinds_of_change() {
    const auto kinds = change_kinds();
    std::vector<std::string> names(kinds.begin(), kinds.end());
    names.emplace_back(kNew);
    return names;
}

}  // namespace

void add_changes(CLI::App& app, Action& action) {
    auto command = std::make_shared<ChangesCommand>();
    CLI::App* changes_app =
        app.add_subcommand("changes", "Show what changed since a day, in the order of publication");
    changes_app->add_option("SOURCE", command->sources, "Only of these sources; else of all")
        ->type_name("");
    changes_app->add_option("--since", command->since, "A date, a time, or a duration such as 7d")
        ->type_name("WHEN")
        ->required();
    changes_app->add_option("--until", command->until, "A date or a time; without it, now")
        ->type_name("DATE");
    changes_app->add_option("--kind", command->kinds, "Only of this kind; may be repeated")
        ->type_name("KIND")
        ->check(one_of(kinds_of_change()))
        ->allow_extra_args(false);
    changes_app->add_flag(
        "--by-run", command->by_run, "Go by when runs saw it, not by when it was published");
    changes_app
        ->add_option("-o,--output-format", command->output, "How to print: text, csv or json")
        ->type_name("FORMAT")
        ->default_str(command->output)
        ->check(one_of(names_of(std::span(kFormats))));
    add_spreadsheet_safe(*changes_app, command->spreadsheet_safe);
    changes_app->callback([command, &action] {
        action = [command](Session& session) { return changes(*command, session); };
    });
}

}  // namespace isinfetch::cli
