#include "cli/commands.hpp"
#include "cli/table.hpp"
#include "store/copy_store.hpp"
#include "store/lease.hpp"
#include "util/json.hpp"
#include "util/log.hpp"
#include "util/text.hpp"
#include "util/time.hpp"

#include <ostream>

namespace isinfetch::cli {

namespace {

struct StoreCommand {
    std::string from{};
    std::string to{};
    std::string broken{};  ///< source whose lease is to be broken
    OutputFormat output = OutputFormat::automatic;
};

/// What the configuration says, or the location on the command line instead.
StoreOptions options_of(Session& session, const std::string& location, StoreMode mode) {
    StoreOptions options = session.store_options(mode);
    if (!location.empty()) {
        options.location = location;
    }
    return options;
}

void write_tables(std::ostream& out, const std::vector<CopiedTable>& tables, bool with_digest) {
    Table table(with_digest ? std::vector<std::string>{"TABLE", "ROWS", "SHA256"}
                            : std::vector<std::string>{"TABLE", "ROWS"});
    for (const CopiedTable& one : tables) {
        std::vector<std::string> row{one.name, std::to_string(one.rows)};
        if (with_digest) {
            row.push_back(one.sha256);
        }
        table.add(row);
    }
    table.write(out);
}

ExitCode info(const StoreCommand& command, Session& session) {
    const StoreOptions options = options_of(session, command.from, StoreMode::read_only);
    const auto store = open_store(options);
    const Backend& backend = *find_backend(options.location);
    const std::int64_t bytes = query_integer(*store, backend.size).value_or(0);
    const auto tables = count_rows(*store);
    std::ostream& out = session.streams().out;
    if (command.output != OutputFormat::json) {
        out << fmt::format("store    {}\nbackend  {}\nschema   {}\nsize     {}\n\n",
                           shown_store(options.location),
                           backend.name,
                           schema_version(),
                           format_size(static_cast<std::uint64_t>(bytes)));
        write_tables(out, tables, false);
        return ExitCode::ok;
    }
    JsonWriter json(out);
    json.begin_object();
    json.field("store", shown_store(options.location));
    json.field("backend", std::string(backend.name));
    json.field("schema", static_cast<std::int64_t>(schema_version()));
    json.field("bytes", bytes);
    for (const CopiedTable& table : tables) {
        json.field(table.name, static_cast<std::int64_t>(table.rows));
    }
    json.end_object();
    out << '\n';
    return ExitCode::ok;
}

ExitCode migrate(const StoreCommand& command, Session& session) {
    const StoreOptions options = options_of(session, command.from, StoreMode::read_write);
    open_store(options);
    session.streams().out << fmt::format(
        "{}: schema {}\n", shown_store(options.location), schema_version());
    return ExitCode::ok;
}

ExitCode copy(const StoreCommand& command, Session& session) {
    const auto copied =
        copy_store(options_of(session, command.from, StoreMode::read_only),
                   options_of(session, command.to, StoreMode::read_write),
                   [](std::string_view table) { log(LogLevel::info, "copying {}", table); });
    write_tables(session.streams().out, copied, true);
    return ExitCode::ok;
}

void write_leases_json(std::ostream& out, const std::vector<HeldLease>& leases) {
    JsonWriter json(out);
    json.begin_array();
    for (const HeldLease& held : leases) {
        const LeaseState& lease = held.lease;
        json.begin_object();
        json.field("source", held.source);
        json.field("holder", lease.holder);
        json.field("since", lease.since);
        json.field("age_seconds", age_of(held).value_or(std::chrono::seconds{0}).count());
        json.field("until", lease.until);
        json.flag("over", lease.is_over);
        json.field("takeovers", lease.takeovers);
        json.end_object();
    }
    json.end_array();
    out << '\n';
}

void write_leases_text(std::ostream& out, const std::vector<HeldLease>& leases) {
    Table table({"SOURCE", "HOLDER", "SINCE", "AGE", "UNTIL", "OVER", "TAKEOVERS"});
    for (const HeldLease& held : leases) {
        const auto age = age_of(held);
        table.add({held.source,
                   printable(held.lease.holder),
                   held.lease.since,
                   age ? rough_duration(*age) : "-",
                   held.lease.until,
                   held.lease.is_over ? "yes" : "no",
                   std::to_string(held.lease.takeovers)});
    }
    table.write(out);
}

ExitCode break_one_lease(const StoreCommand& command, Session& session) {
    const StoreOptions options = options_of(session, command.from, StoreMode::read_write);
    if (!backend_of(options.location).is_shared) {
        fail(ErrorKind::usage,
             "--break: {} is of one host, where locks keep runs apart: only stores that hosts share"
             " have leases",
             shown_store(options.location));
    }
    open_store(options_of(session, command.from, StoreMode::read_only));
    const auto lease = break_lease(*open_store(options), command.broken);
    if (!lease) {
        fail(ErrorKind::gone, "{}: nobody holds its lease", printable(command.broken));
    }
    session.streams().out << fmt::format(
        "{}: broken: the lease of {}, which it held since {}: nothing more of that run is stored\n",
        command.broken,
        printable(lease->holder),
        lease->since.empty() ? "an unknown time" : lease->since);
    return ExitCode::ok;
}

ExitCode show_leases(const StoreCommand& command, Session& session) {
    const StoreOptions options = options_of(session, command.from, StoreMode::read_only);
    const bool is_shared = backend_of(options.location).is_shared;
    const auto leases = held_leases(*open_store(options));
    std::ostream& out = session.streams().out;
    if (command.output == OutputFormat::json) {
        write_leases_json(out, leases);
    } else if (!leases.empty()) {
        write_leases_text(out, leases);
    } else {
        out << (is_shared ? "no lease is held\n"
                          : "no leases: the store is of one host, where locks keep runs apart\n");
    }
    return ExitCode::ok;
}

CLI::App* add_part(CLI::App& store,
                   const std::string& name,
                   const std::string& summary,
                   const std::shared_ptr<StoreCommand>& command) {
    CLI::App* part = store.add_subcommand(name, summary);
    part->add_option("LOCATION", command->from, "Instead of the store of the configuration")
        ->type_name("");
    return part;
}

void add_lease(CLI::App& store, const std::shared_ptr<StoreCommand>& command, Action& action) {
    CLI::App* lease_app =
        add_part(store, "lease", "Show who works on which source, or end that", command);
    lease_app
        ->add_option("--break",
                     command->broken,
                     "Take the lease of this source from whoever holds it: a host that hangs")
        ->type_name("SOURCE");
    add_output_format(*lease_app, command->output);
    lease_app->callback([command, &action] {
        action = [command](Session& session) {
            return command->broken.empty() ? show_leases(*command, session)
                                           : break_one_lease(*command, session);
        };
    });
}

}  // namespace

void add_store(CLI::App& app, Action& action) {
    CLI::App* store =
        app.add_subcommand("store", "Look at the store, bring it up to date, move it");
    store->require_subcommand(1);
    auto command = std::make_shared<StoreCommand>();
    CLI::App* info_app = add_part(
        *store, "info", "Print where the store is, its schema, and how large it is", command);
    add_output_format(*info_app, command->output);
    info_app->callback([command, &action] {
        action = [command](Session& session) { return info(*command, session); };
    });
    add_part(*store, "migrate", "Make the store, or bring it up to this program's schema", command)
        ->callback([command, &action] {
            action = [command](Session& session) { return migrate(*command, session); };
        });
    add_lease(*store, command, action);
    CLI::App* copy_app =
        store->add_subcommand("copy", "Copy all of a store into an empty one, and compare");
    copy_app->add_option("FROM", command->from, "Location of the store that is read")
        ->type_name("")
        ->required();
    copy_app->add_option("TO", command->to, "Location of the store that is made")
        ->type_name("")
        ->required();
    copy_app->callback([command, &action] {
        action = [command](Session& session) { return copy(*command, session); };
    });
}

}  // namespace isinfetch::cli
