#include "cli/commands.hpp"
#include "cli/doctor_checks.hpp"
#include "util/json.hpp"
#include "util/text.hpp"

#include <ostream>

namespace isinfetch::cli {

namespace {

struct DoctorCommand {
    bool offline = false;
    bool quick = false;
    OutputFormat output = OutputFormat::automatic;
};

void write_json(std::ostream& out, const std::vector<Finding>& findings, ExitCode status) {
    JsonWriter json(out);
    json.begin_object().field("exit_status", static_cast<std::int64_t>(status));
    json.key("findings").begin_array();
    for (const Finding& finding : findings) {
        json.begin_object();
        json.field("health", name(finding.health)).field("subject", finding.subject);
        json.field("text", finding.text).field("fix", finding.fix);
        json.key("about").begin_array();
        for (const std::string& name : finding.about) {
            json.text(name);
        }
        json.end_array();
        json.end_object();
    }
    json.end_array().end_object();
    out << '\n';
}

void write_text(std::ostream& out, const std::vector<Finding>& findings) {
    for (const Finding& finding : findings) {
        out << fmt::format("{:<8} {}: {}\n",
                           name(finding.health),
                           one_line(finding.subject),
                           one_line(finding.text));
        if (!finding.fix.empty()) {
            out << fmt::format("         fix: {}\n", one_line(finding.fix));
        }
    }
}

ExitCode doctor(const DoctorCommand& command, Session& session) {
    const auto findings =
        examine(session, {.network = !command.offline, .whole_store = !command.quick});
    const ExitCode status = exit_code(findings);
    if (command.output == OutputFormat::json) {
        write_json(session.streams().out, findings, status);
    } else {
        write_text(session.streams().out, findings);
    }
    return status;
}

}  // namespace

void add_doctor(CLI::App& app, Action& action) {
    auto command = std::make_shared<DoctorCommand>();
    CLI::App* doctor_app = app.add_subcommand(
        "doctor", "Look for what keeps runs from succeeding, and how to mend it");
    doctor_app->add_flag("--offline", command->offline, "Leave out what needs the network");
    doctor_app->add_flag("--quick", command->quick, "Do not read through the store");
    add_output_format(*doctor_app, command->output);
    doctor_app->callback([command, &action] {
        action = [command](Session& session) { return doctor(*command, session); };
    });
}

}  // namespace isinfetch::cli
