#include "cli/commands.hpp"
#include "cli/table.hpp"
#include "job/schedule.hpp"
#include "store/state.hpp"
#include "util/json.hpp"
#include "util/log.hpp"

#include <filesystem>
#include <map>
#include <ostream>

namespace isinfetch::cli {

namespace {

struct StatusCommand {
    std::vector<std::string> sources{};
    std::string max_age{};
    OutputFormat output = OutputFormat::automatic;
};

/// One source as `status` shows it.
struct Line {
    const SourceConfig* source = nullptr;
    SourceState state{};
    std::string freshness{};  ///< "fresh", "stale" or "never"
};

/// Without a store nothing has ever run: that is an answer too, not an error.
std::map<std::string, SourceState> read_states(Session& session) {
    std::map<std::string, SourceState> states;
    try {
        const auto store = session.open_to_read();
        for (SourceState& state : load_states(*store)) {
            states.emplace(state.source, std::move(state));
        }
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::gone) {
            throw;
        }
    }
    return states;
}

std::string freshness(const SourceState& state,
                      std::optional<std::chrono::seconds> max_age,
                      Timestamp time) {
    if (!state.last_success) {
        return "never";
    }
    return max_age && time - *state.last_success > *max_age ? "stale" : "fresh";
}

/// The sources named, else those that are enabled, and those that are not but have a list.
std::vector<Line> collect(const StatusCommand& command, Session& session) {
    const auto states = read_states(session);
    const auto max_age = parse_duration(command.max_age);
    std::vector<Line> lines;
    const auto add = [&](const SourceConfig& source) {
        Line line{.source = &source};
        if (const auto known = states.find(source.name); known != states.end()) {
            line.state = known->second;
        }
        line.freshness = freshness(line.state, max_age, now());
        lines.push_back(std::move(line));
    };
    for (const std::string& name : command.sources) {
        add(find_source(session.config(), name));
    }
    for (const SourceConfig& source : session.config().sources) {
        if (command.sources.empty() && (source.enabled || states.contains(source.name))) {
            add(source);
        }
    }
    return lines;
}

std::string time_text(const std::optional<Timestamp>& time) {
    return time ? format_time(*time) : std::string();
}

void write_json(std::ostream& out, const std::vector<Line>& lines) {
    JsonWriter json(out);
    json.begin_array();
    for (const Line& line : lines) {
        const SourceState& state = line.state;
        json.begin_object();
        json.field("source", line.source->name);
        json.flag("enabled", line.source->enabled);
        json.field("freshness", line.freshness);
        json.field("records", state.records);
        json.field("published", state.published);
        json.field("host", state.host);
        json.field("lease_holder", state.holder);
        json.field("lease_until", state.held_until);
        json.field("last_success", time_text(state.last_success));
        json.field("last_change", time_text(state.last_change));
        json.field("last_attempt", time_text(state.last_attempt));
        json.flag("due", is_due(state, line.source->cadence, now()));
        json.field("cooldown_until", time_text(state.cooldown_until));
        json.field("failures", state.failures);
        json.field("last_error", state.last_error);
        json.field("sha256", state.sha256);
        json.field("encoding", state.encoding);
        json.end_object();
    }
    json.end_array();
    out << '\n';
}

void write_text(std::ostream& out, const std::vector<Line>& lines) {
    Table table({"SOURCE",
                 "STATE",
                 "RECORDS",
                 "PUBLISHED",
                 "HOST",
                 "LAST SUCCESS",
                 "AGE",
                 "FAILURES",
                 "LAST ERROR"});
    for (const Line& line : lines) {
        const SourceState& state = line.state;
        table.add({line.source->name,
                   line.freshness,
                   std::to_string(state.records),
                   state.published,
                   state.host,
                   time_text(state.last_success),
                   state.last_success ? rough_duration(now() - *state.last_success) : "-",
                   std::to_string(state.failures),
                   state.last_error});
    }
    table.write(out);
}

/// With --max-age: is every source that should be there fresh?
ExitCode judge(const StatusCommand& command, const std::vector<Line>& lines) {
    if (command.max_age.empty()) {
        return ExitCode::ok;
    }
    ExitCode code = ExitCode::ok;
    bool any = false;
    for (const Line& line : lines) {
        const bool counts = line.source->enabled || !command.sources.empty();
        any = any || counts;
        if (counts && line.freshness != "fresh") {
            log(LogLevel::error,
                "{}: {}: last success {}",
                line.source->name,
                line.freshness == "never" ? "never fetched" : "older than " + command.max_age,
                line.state.last_success ? time_text(line.state.last_success) : "never");
            code = ExitCode::data;
        }
    }
    if (!any) {
        fail(ErrorKind::config, "no source is enabled: there is nothing that could be fresh");
    }
    return code;
}

ExitCode status(const StatusCommand& command, Session& session) {
    const auto lines = collect(command, session);
    if (command.output == OutputFormat::json) {
        write_json(session.streams().out, lines);
    } else if (lines.empty()) {
        session.streams().out << "no source is enabled and none has a list\n";
    } else {
        write_text(session.streams().out, lines);
    }
    return judge(command, lines);
}

}  // namespace

void add_status(CLI::App& app, Action& action) {
    auto command = std::make_shared<StatusCommand>();
    CLI::App* status_app =
        app.add_subcommand("status", "Show how fresh the stored lists are; asks no publisher");
    status_app->add_option("SOURCE", command->sources, "Sources to show; else all with a list")
        ->type_name("");
    status_app
        ->add_option("--max-age", command->max_age, "Exit with 65 unless every list is younger")
        ->type_name("DURATION")
        ->check(duration_check().description(""));
    add_output_format(*status_app, command->output);
    status_app->callback([command, &action] {
        action = [command](Session& session) { return status(*command, session); };
    });
}

}  // namespace isinfetch::cli
