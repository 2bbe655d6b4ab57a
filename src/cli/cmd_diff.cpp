#include "cli/commands.hpp"
#include "cli/known_sources.hpp"
#include "cli/listing_output.hpp"
#include "cli/selection.hpp"
#include "util/log.hpp"
#include "util/text.hpp"

#include <ostream>

namespace isinfetch::cli {

namespace {

struct DiffCommand {
    std::string source{};
    std::string from{};
    std::string to{};
    OutputFormat output = OutputFormat::automatic;
};

struct Range {
    std::int64_t from = 0;  ///< 0: before the first version, the empty list
    std::int64_t to = 0;
};

/// The version that was served at `moment`. Throws Error{gone} when there was none yet.
std::int64_t version_at(const std::vector<ListVersion>& versions,
                        const std::string& source,
                        const std::string& moment) {
    const std::string time = format_time(parse_moment(moment));
    std::int64_t found = 0;
    for (const ListVersion& version : versions) {
        if (version.published <= time) {
            found = version.run_source;
        }
    }
    if (found == 0) {
        fail(ErrorKind::gone,
             "{}: has no list of {} or before: the first one is of {}",
             source,
             moment,
             versions.front().published);
    }
    return found;
}

Range choose_range(const std::vector<ListVersion>& versions, const DiffCommand& command) {
    const std::size_t count = versions.size();
    Range range;
    range.to = command.to.empty() ? versions.back().run_source
                                  : version_at(versions, command.source, command.to);
    if (!command.from.empty()) {
        range.from = version_at(versions, command.source, command.from);
    } else if (count > 1) {
        range.from = versions[count - 2].run_source;
    }
    return range;
}

char sign(ChangeKind kind) noexcept {
    switch (kind) {
        case ChangeKind::added:
            return '+';
        case ChangeKind::removed:
            return '-';
        case ChangeKind::changed:
        case ChangeKind::cosmetic:
            return '~';
    }
    return '?';
}

/// Calls `tell(name, before, after)` for each field that differs.
template <class Tell>
void for_each_difference(const Change& change, Tell tell) {
    for (std::size_t i = 0; i < kFieldCount; ++i) {
        if (change.before.fields[i] != change.after.fields[i]) {
            tell(field_table()[i].name, change.before.fields[i], change.after.fields[i]);
        }
    }
    if (change.before.other != change.after.other) {
        tell("other", change.before.other, change.after.other);
    }
}

void print_change(std::ostream& out, const Change& change) {
    const bool removed = change.kind == ChangeKind::removed;
    out << sign(change.kind) << ' ' << listing_line(removed ? change.before : change.after) << '\n';
    if (change.kind == ChangeKind::changed || change.kind == ChangeKind::cosmetic) {
        for_each_difference(change, [&](auto field, const auto& before, const auto& after) {
            out << "    " << field << ": '" << one_line(before) << "' -> '" << one_line(after)
                << "'\n";
        });
    }
}

void write_change(JsonWriter& json, const Change& change) {
    const bool removed = change.kind == ChangeKind::removed;
    const Listing& listing = removed ? change.before : change.after;
    json.begin_object();
    json.field("kind", name(change.kind));
    json.field("isin", listing.isin());
    json.field("venue", listing.venue());
    json.field("name", listing[Field::name]);
    json.key("fields").begin_object();
    if (change.kind == ChangeKind::changed || change.kind == ChangeKind::cosmetic) {
        for_each_difference(change, [&](auto field, const auto& before, const auto& after) {
            json.key(field).begin_array().text(before).text(after).end_array();
        });
    }
    json.end_object().end_object();
}

ExitCode diff(const DiffCommand& command, Session& session) {
    if (!command.from.empty() && !command.to.empty() &&
        parse_moment(command.to) < parse_moment(command.from)) {
        fail(ErrorKind::usage,
             "diff: {} is before {}: the older day comes first",
             command.to,
             command.from);
    }
    const auto store = open_to_read(session, {command.source});
    const auto versions = list_versions(*store, command.source);
    if (versions.empty()) {
        fail(ErrorKind::gone, "{}: no list is stored yet", command.source);
    }
    if (!command.from.empty()) {
        warn_of_pruned(*store, {command.source}, parse_moment(command.from));
    }
    const Range range = choose_range(versions, command);
    std::ostream& out = session.streams().out;
    if (command.output != OutputFormat::json) {
        for_each_change(*store, command.source, range.from, range.to, [&](const Change& change) {
            print_change(out, change);
        });
        return ExitCode::ok;
    }
    JsonWriter json(out);
    json.begin_array();
    for_each_change(*store, command.source, range.from, range.to, [&](const Change& change) {
        out << '\n';
        write_change(json, change);
    });
    json.end_array();
    out << '\n';
    return ExitCode::ok;
}

}  // namespace

void add_diff(CLI::App& app, Action& action) {
    auto command = std::make_shared<DiffCommand>();
    CLI::App* diff_app =
        app.add_subcommand("diff", "Show what changed between two lists of a source");
    diff_app->add_option("SOURCE", command->source, "The source")->required()->type_name("");
    diff_app
        ->add_option("FROM", command->from, "Date or time of the older list; else the last but one")
        ->type_name("");
    diff_app->add_option("TO", command->to, "Date or time of the newer list; else the current one")
        ->type_name("");
    add_output_format(*diff_app, command->output);
    diff_app->callback([command, &action] {
        action = [command](Session& session) { return diff(*command, session); };
    });
}

}  // namespace isinfetch::cli
