#include "cli/commands.hpp"
#include "cli/known_sources.hpp"
#include "cli/listing_output.hpp"
#include "cli/table.hpp"
#include "core/isin.hpp"
#include "util/log.hpp"

#include <limits>
#include <ostream>

namespace isinfetch::cli {

namespace {

struct HistoryCommand {
    std::string subject{};
    std::int64_t limit = 50;
    OutputFormat output = OutputFormat::automatic;
};

void write_run(JsonWriter& json, const RunEntry& run) {
    json.begin_object();
    json.field("run_id", run.run_id);
    json.field("started", run.started);
    json.field("host", run.host);
    json.field("source", run.source);
    json.field("status", run.status);
    json.field("published", run.published);
    for (const CountInfo& count : count_table()) {
        json.field(count.name, static_cast<std::int64_t>(run.counts.*count.member));
    }
    json.field("error", run.error);
    json.end_object();
}

ExitCode runs(const HistoryCommand& command, Session& session) {
    const bool is_all = command.subject.empty();
    const auto store =
        open_to_audit(session, is_all ? std::vector<std::string>{} : std::vector{command.subject});
    if (!is_all && !states_by_name(*store).contains(command.subject)) {
        log(LogLevel::warning,
            "{}: never run so far: 'isinfetch run {}' does",
            command.subject,
            command.subject);
    }
    std::ostream& out = session.streams().out;
    if (command.output == OutputFormat::json) {
        JsonWriter json(out);
        json.begin_array();
        for_each_run(*store, command.subject, command.limit, [&](const RunEntry& run) {
            write_run(json, run);
        });
        json.end_array();
        out << '\n';
        return ExitCode::ok;
    }
    Table table({"STARTED",
                 "HOST",
                 "SOURCE",
                 "STATUS",
                 "PUBLISHED",
                 "LISTINGS",
                 "ADDED",
                 "CHANGED",
                 "REMOVED",
                 "RUN",
                 "ERROR"});
    for_each_run(*store, command.subject, command.limit, [&](const RunEntry& run) {
        table.add({run.started,
                   run.host,
                   run.source,
                   run.status,
                   run.published,
                   std::to_string(run.counts.listings),
                   std::to_string(run.counts.added),
                   std::to_string(run.counts.changed),
                   std::to_string(run.counts.removed),
                   run.run_id,
                   run.error});
    });
    table.write(out);
    return ExitCode::ok;
}

ExitCode versions(const HistoryCommand& command, Session& session) {
    const auto store = session.open_to_read();
    std::ostream& out = session.streams().out;
    bool found = false;
    JsonWriter json(out);
    const bool as_json = command.output == OutputFormat::json;
    if (as_json) {
        json.begin_array();
    }
    const ListingFilter filter{.isins = {command.subject}, .all_versions = true};
    for_each_listing(*store, filter, [&](const StoredListing& stored) {
        found = true;
        if (as_json) {
            write_listing_json(json, stored);
            return;
        }
        out << fmt::format("{}  {:20}  {:9}  {:14}  {}\n",
                           stored.published,
                           stored.superseded.empty() ? "now" : stored.superseded,
                           stored.superseded.empty() ? stored.opened_as : stored.closed_as,
                           stored.source,
                           listing_line(stored.listing));
    });
    if (as_json) {
        json.end_array();
        out << '\n';
    }
    if (!found) {
        warn_of_unread(session.config(), *store);
        fail(ErrorKind::gone, "{}: in none of the stored lists", command.subject);
    }
    return ExitCode::ok;
}

ExitCode history(const HistoryCommand& command, Session& session) {
    if (Isin::parse(command.subject)) {
        return versions(command, session);
    }
    return runs(command, session);
}

}  // namespace

void add_history(CLI::App& app, Action& action) {
    auto command = std::make_shared<HistoryCommand>();
    CLI::App* history_app =
        app.add_subcommand("history", "Show past runs, or all versions of one ISIN");
    history_app
        ->add_option(
            "SUBJECT", command->subject, "A source: its runs; an ISIN: its versions; else all runs")
        ->type_name("");
    history_app->add_option("--limit", command->limit, "Show at most so many runs, newest first")
        ->type_name("N")
        ->check(whole_number(1, std::numeric_limits<std::int64_t>::max()))
        ->capture_default_str();
    add_output_format(*history_app, command->output);
    history_app->callback([command, &action] {
        action = [command](Session& session) { return history(*command, session); };
    });
}

}  // namespace isinfetch::cli
