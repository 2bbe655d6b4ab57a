#include "cli/commands.hpp"
#include "cli/known_sources.hpp"
#include "job/verify.hpp"
#include "util/interrupt.hpp"
#include "util/json.hpp"
#include "util/log.hpp"
#include "util/text.hpp"

#include <ostream>

namespace isinfetch::cli {

namespace {

struct VerifyCommand {
    std::vector<std::string> sources{};
    bool quick = false;
    std::vector<std::string> hosts_gone{};
    OutputFormat output = OutputFormat::automatic;
};

std::string_view finding_name(AuditFinding finding) noexcept {
    return finding_table()[static_cast<std::size_t>(finding)].name;
}

void write_finding(JsonWriter& json,
                   AuditFinding finding,
                   const std::string& source,
                   std::string_view text) {
    json.begin_object();
    json.field("finding", finding_name(finding));
    json.field("source", source);
    json.field("text", text);
    json.end_object();
}

/// Gives the number of findings.
std::uint64_t write_findings(const VerifyOptions& options,
                             Connection& store,
                             bool as_json,
                             std::ostream& out) {
    std::uint64_t count = 0;
    JsonWriter json(out);
    if (as_json) {
        json.begin_array();
    }
    const Verified verified =
        verify(store, options, [&](AuditFinding finding, const auto& source, const auto& text) {
            ++count;
            if (as_json) {
                out << '\n';
                write_finding(json, finding, source, text);
            } else {
                out << fmt::format("{:17}  {:14}  {}\n",
                                   finding_name(finding),
                                   source.empty() ? "-" : source,
                                   text);
            }
        });
    if (as_json) {
        json.end_array();
        out << '\n';
    }
    log(LogLevel::info,
        "{} and {} looked at: {}",
        counted(verified.versions, "version"),
        counted(verified.files, "file"),
        counted(count, "finding"));
    return count;
}

ExitCode verify_store(const VerifyCommand& command, Session& session) {
    const auto connection = open_to_audit(session, command.sources);
    const StoreOptions store = session.options_to_read();
    const std::uint64_t count =
        write_findings({.sources = command.sources,
                        .state_dir = session.config().state_dir,
                        .location = store.location,
                        .host = session.config().host(),
                        .hosts_gone = command.hosts_gone,
                        .depth = command.quick ? AuditDepth::quick : AuditDepth::whole,
                        .check = stop_if_interrupted},
                       *connection,
                       command.output == OutputFormat::json,
                       session.streams().out);
    if (count == 0) {
        return ExitCode::ok;
    }
    session.streams().out.flush();
    log(LogLevel::error, "verify: {}", counted(count, "finding"));
    return ExitCode::data;
}

}  // namespace

void add_verify(CLI::App& app, Action& action) {
    auto command = std::make_shared<VerifyCommand>();
    CLI::App* verify_app =
        app.add_subcommand("verify", "Hold the store against the archive and against itself");
    verify_app->add_option("SOURCE", command->sources, "Only these sources; else all")
        ->type_name("");
    verify_app->add_flag("--quick", command->quick, "Do not read archived files and views");
    verify_app
        ->add_option("--archive-gone",
                     command->hosts_gone,
                     "Do not miss files of this host, whose archive is gone; may be repeated")
        ->type_name("HOST")
        ->allow_extra_args(false);
    add_output_format(*verify_app, command->output);
    verify_app->callback([command, &action] {
        action = [command](Session& session) { return verify_store(*command, session); };
    });
}

}  // namespace isinfetch::cli
