#include "cli/commands.hpp"
#include "cli/known_sources.hpp"
#include "cli/report_output.hpp"
#include "cli/run_command.hpp"
#include "cli/table.hpp"
#include "job/freshness.hpp"
#include "job/schedule.hpp"
#include "store/gap.hpp"
#include "util/json.hpp"
#include "util/log.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <map>
#include <ostream>
#include <set>

namespace isinfetch::cli {

namespace {

struct StatusCommand {
    std::vector<std::string> sources{};
    std::string max_age{};
    OutputFormat output = OutputFormat::automatic;
};

/// One source as `status` shows it.
struct Line {
    std::string name{};
    const SourceConfig* source = nullptr;  ///< nullptr: in the store, but not in the configuration
    SourceState state{};
    std::vector<std::string> gaps{};  ///< days of which nothing is known
    bool is_wanted = false;           ///< enabled, or named
    FreshnessFacts facts{};
    FreshnessVerdict verdict{};
    std::optional<Timestamp> next_attempt{};  ///< none: nobody will ask
};

/// What the store knows; its clock, where hosts share it.
struct Knowledge {
    std::map<std::string, SourceState> states{};
    std::map<std::string, std::vector<std::string>> gaps{};
    Timestamp time = now();
};

/// Without a store nothing has ever run: that is an answer too, not an error.
Knowledge ask_store(Session& session) {
    Knowledge knowledge;
    try {
        const auto store = session.open_to_read();
        knowledge.time =
            clock_of(*store, backend_of(session.options_to_read().location).is_shared)();
        for (SourceState& state : load_states(*store)) {
            knowledge.gaps[state.source] = open_gaps(*store, state.id);
            knowledge.states.emplace(state.source, std::move(state));
        }
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::gone) {
            throw;
        }
    }
    return knowledge;
}

void judge(Line& line, const StatusCommand& command, Timestamp time) {
    // Nobody promises anything of a list that is not in the configuration but that it is there.
    const Cadence cadence =
        line.source != nullptr ? line.source->cadence : Cadence{.every = std::chrono::seconds{0}};
    const bool is_judged = line.source != nullptr || !command.max_age.empty();
    line.facts = freshness_facts(line.state, cadence, line.is_wanted && is_judged, time);
    line.facts.max_age = parse_duration(command.max_age);
    line.verdict = isinfetch::judge(line.facts, time);
    if (line.source != nullptr && line.is_wanted) {
        line.next_attempt = next_attempt(line.state, cadence, time);
    }
}

/// The sources named, else those that are enabled, and those that are not but have a list.
std::vector<std::string> names_to_show(const StatusCommand& command,
                                       const Config& config,
                                       const Knowledge& knowledge) {
    if (!command.sources.empty()) {
        check_known(command.sources, config, knowledge.states);
        return command.sources;
    }
    std::set<std::string> names;
    for (const SourceConfig& source : config.sources) {
        if (source.enabled) {
            names.insert(source.name);
        }
    }
    for (const auto& [name, state] : knowledge.states) {
        names.insert(name);
    }
    return {names.begin(), names.end()};
}

std::vector<Line> collect(const StatusCommand& command,
                          const Config& config,
                          const Knowledge& knowledge) {
    std::vector<Line> lines;
    for (const std::string& name : names_to_show(command, config, knowledge)) {
        Line line{.name = name, .source = config.find(name)};
        if (const auto known = knowledge.states.find(name); known != knowledge.states.end()) {
            line.state = known->second;
            line.gaps = knowledge.gaps.at(name);
        }
        line.is_wanted =
            !command.sources.empty() || (line.source != nullptr && line.source->enabled);
        judge(line, command, knowledge.time);
        lines.push_back(std::move(line));
    }
    return lines;
}

std::string time_text(const std::optional<Timestamp>& time) {
    return time ? format_time(*time) : std::string();
}

void write_json(JsonWriter& json, const Line& line, Timestamp time) {
    const SourceState& state = line.state;
    json.begin_object();
    json.field("source", line.name);
    json.flag("configured", line.source != nullptr);
    json.flag("enabled", line.source != nullptr && line.source->enabled);
    write_freshness(json, line.verdict, explain(line.verdict, line.facts, time));
    write_waiting(json, state.waiting);
    json.field("records", state.records);
    json.field("published", state.published);
    json.field("newest_publication", time_text(line.facts.published));
    json.field("host", state.host);
    json.field("lease_holder", state.holder);
    json.field("lease_since", state.held_since);
    json.field("lease_until", state.held_until);
    json.field("last_success", time_text(state.last_success));
    json.field("last_change", time_text(state.last_change));
    json.field("last_attempt", time_text(state.last_attempt));
    json.flag("due", line.next_attempt && *line.next_attempt <= time);
    json.field("next_due", time_text(line.facts.next_due));
    json.field("next_attempt", time_text(line.next_attempt));
    json.field("cooldown_until", time_text(state.cooldown_until));
    json.field("failures", state.failures);
    json.field("failing_since", time_text(state.failing_since));
    json.field("last_status", state.last_status);
    json.field("last_error", state.last_error);
    json.key("gaps").begin_array();
    for (const std::string& day : line.gaps) {
        json.text(day);
    }
    json.end_array();
    json.field("sha256", state.sha256);
    json.field("encoding", state.encoding);
    json.end_object();
}

void write_json(std::ostream& out, const std::vector<Line>& lines, Timestamp time) {
    JsonWriter json(out);
    json.begin_array();
    for (const Line& line : lines) {
        write_json(json, line, time);
    }
    json.end_array();
    out << '\n';
}

/// How long ago, or "in 3d" for what lies ahead.
std::string age_text(const std::optional<Timestamp>& then, Timestamp time) {
    if (!then) {
        return "-";
    }
    return *then > time ? "in " + rough_duration(*then - time) : rough_duration(time - *then);
}

std::string next_text(const std::optional<Timestamp>& then, Timestamp time) {
    return then && *then <= time ? "now" : age_text(then, time);
}

/// Who works on it, and since when: a lease that is old belongs to a run that takes long, or hangs.
std::string lease_text(const Line& line, Timestamp time) {
    const auto since = parse_time(line.state.held_since);
    const bool is_over = line.state.held_until < format_time(time);
    return fmt::format(
        "{}: leased by {} for {}{}\n",
        line.name,
        printable(line.state.holder),
        since ? rough_duration(time - *since) : "an unknown time",
        is_over ? ", and silent: the next run takes over" : ", until " + line.state.held_until);
}

void write_text(std::ostream& out, const std::vector<Line>& lines, Timestamp time) {
    Table table({"SOURCE",
                 "STATE",
                 "RECORDS",
                 "PUBLISHED",
                 "HOST",
                 "LAST SUCCESS",
                 "AGE",
                 "DUE",
                 "NEXT ATTEMPT",
                 "GAPS",
                 "FAILURES",
                 "LAST ERROR"});
    for (const Line& line : lines) {
        const SourceState& state = line.state;
        const bool is_asked = line.next_attempt.has_value();
        table.add({line.name,
                   std::string(name(line.verdict.state)),
                   std::to_string(state.records),
                   state.published,
                   state.host,
                   time_text(state.last_success),
                   age_text(state.last_success, time),
                   is_asked ? next_text(line.facts.next_due.value_or(time), time) : "-",
                   next_text(line.next_attempt, time),
                   std::to_string(line.gaps.size()),
                   std::to_string(state.failures),
                   state.last_error});
    }
    table.write(out);
    for (const Line& line : lines) {
        if (line.source == nullptr) {
            out << line.name << ": not in the configuration: no run asks for it\n";
        }
        if (!line.state.holder.empty()) {
            out << lease_text(line, time);
        }
        if (!line.state.waiting.publication.empty()) {
            out << line.name << ": waiting: " << describe(line.state.waiting) << '\n';
        }
        if (!line.gaps.empty()) {
            out << line.name << ": nothing known of " << join(line.gaps, ", ") << '\n';
        }
    }
}

/// Is every list that should be there what it promises to be?
ExitCode conclude(const StatusCommand& command, const std::vector<Line>& lines, Timestamp time) {
    ExitCode code = ExitCode::ok;
    for (const Line& line : lines) {
        if (line.is_wanted && line.verdict.is_broken) {
            log(LogLevel::error,
                "{}: {}: {}",
                line.name,
                name(line.verdict.state),
                explain(line.verdict, line.facts, time));
            code = ExitCode::data;
        }
    }
    if (!command.max_age.empty() && std::ranges::none_of(lines, &Line::is_wanted)) {
        fail(ErrorKind::config, "no source is enabled: there is nothing that could be fresh");
    }
    return code;
}

ExitCode status(const StatusCommand& command, Session& session) {
    const Knowledge knowledge = ask_store(session);
    const auto lines = collect(command, session.config(), knowledge);
    if (command.output == OutputFormat::json) {
        write_json(session.streams().out, lines, knowledge.time);
    } else if (lines.empty()) {
        session.streams().out << "no source is enabled and none has a list\n";
    } else {
        write_text(session.streams().out, lines, knowledge.time);
    }
    session.streams().out.flush();
    return conclude(command, lines, knowledge.time);
}

}  // namespace

void add_status(CLI::App& app, Action& action) {
    auto command = std::make_shared<StatusCommand>();
    CLI::App* status_app =
        app.add_subcommand("status", "Show how fresh the stored lists are; asks no publisher");
    status_app->add_option("SOURCE", command->sources, "Sources to show; else all with a list")
        ->type_name("");
    status_app
        ->add_option("--max-age",
                     command->max_age,
                     "Exit with 65 unless every list was asked for and published since")
        ->type_name("DURATION");
    add_output_format(*status_app, command->output);
    status_app->callback([command, &action] {
        action = [command](Session& session) { return status(*command, session); };
    });
}

}  // namespace isinfetch::cli
