#include "cli/report_output.hpp"

#include "cli/table.hpp"
#include "util/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace isinfetch::cli {

namespace {

std::chrono::milliseconds total_time(const SourceReport& report) {
    return std::accumulate(report.durations.begin(),
                           report.durations.end(),
                           std::chrono::milliseconds{0},
                           [](auto sum, const auto& stage) { return sum + stage.second; });
}

std::string seconds_text(std::chrono::milliseconds time) {
    return fmt::format("{:.1f}s", std::chrono::duration<double>(time).count());
}

std::string difference_text(const Counts& counts) {
    const std::string cosmetic =
        counts.cosmetic == 0 ? "" : fmt::format(" ({} cosmetic)", counts.cosmetic);
    return fmt::format("+{} ~{} -{}{}", counts.added, counts.changed, counts.removed, cosmetic);
}

std::int64_t whole(std::uint64_t number) {
    return static_cast<std::int64_t>(number);
}

void write_error(JsonWriter& json, std::string_view key, const std::optional<Error>& error) {
    json.key(key);
    if (!error) {
        json.null();
        return;
    }
    json.begin_object();
    json.field("kind", name(error->kind()));
    json.field("exit_status", static_cast<std::int64_t>(exit_code(error->kind())));
    json.field("message", error->what());
    json.end_object();
}

void write_rejections(JsonWriter& json, const std::vector<Rejection>& rejections) {
    json.key("rejections").begin_array();
    for (const Rejection& rejection : rejections) {
        json.begin_object();
        json.field("file", rejection.file);
        json.field("line", whole(rejection.position.line));
        json.field("byte", whole(rejection.position.byte));
        json.field("reason", rejection.reason);
        json.field("value", rejection.value);
        json.field("text", rejection.text);
        json.end_object();
    }
    json.end_array();
}

void write_publications(JsonWriter& json, const std::vector<PublicationReport>& publications) {
    json.key("publications").begin_array();
    for (const PublicationReport& publication : publications) {
        json.begin_object();
        json.field("date", publication.date);
        json.field("role", publication.role);
        json.field("files", whole(publication.files));
        json.field("bytes", whole(publication.bytes));
        for (const CountInfo& count : count_table()) {
            json.field(count.name, whole(publication.counts.*count.member));
        }
        json.end_object();
    }
    json.end_array();
}

void write_texts(JsonWriter& json, std::string_view key, const std::vector<std::string>& texts) {
    json.key(key).begin_array();
    for (const std::string& text : texts) {
        json.text(text);
    }
    json.end_array();
}

void write_tally(JsonWriter& json, std::string_view key, const Tally& tally) {
    json.key(key).begin_object();
    for (const auto& [remark, count] : tally) {
        json.field(remark, whole(count));
    }
    json.end_object();
}

void write_source(JsonWriter& json, const SourceReport& report) {
    json.begin_object();
    json.field("source", report.source);
    json.field("status", name(report.status));
    for (const CountInfo& count : count_table()) {
        json.field(count.name, whole(report.counts.*count.member));
    }
    json.field("bytes", whole(report.bytes));
    json.field("sha256", report.sha256);
    json.field("url", report.url);
    json.flag("fallback", report.fallback);
    json.field("published", report.published);
    json.field("encoding", report.encoding);
    json.key("http").begin_object();
    json.field("status", std::int64_t{report.http_status});
    json.field("attempts", std::int64_t{report.attempts});
    json.end_object();
    json.key("durations_ms").begin_object();
    for (const auto& [stage, time] : report.durations) {
        json.field(stage, std::int64_t{time.count()});
    }
    json.end_object();
    write_tally(json, "warnings", report.remarks.warnings);
    write_tally(json, "notes", report.remarks.notes);
    write_rejections(json, report.rejections);
    write_publications(json, report.publications);
    write_texts(json, "gaps", report.gaps);
    write_texts(json, "waiting", report.waiting);
    write_texts(json, "notices", report.notices);
    write_waiting(json, report.held_up);
    write_freshness(json, report.freshness, report.freshness_text);
    json.field("kept", report.kept);
    json.field("cooldown_until",
               report.cooldown_until ? format_time(*report.cooldown_until) : std::string());
    json.field("served", report.served);
    write_error(json, "error", report.error);
    json.end_object();
}

}  // namespace

void write_waiting(JsonWriter& json, const Waiting& waiting) {
    json.key("waiting_for");
    if (waiting.publication.empty()) {
        json.null();
        return;
    }
    json.begin_object();
    json.field("publication", waiting.publication);
    json.field("reason", waiting.reason);
    json.field("since", waiting.since ? format_time(*waiting.since) : std::string());
    json.field("behind", waiting.behind);
    json.end_object();
}

void write_freshness(JsonWriter& json,
                     const FreshnessVerdict& verdict,
                     const std::string& explanation) {
    json.field("freshness", name(verdict.state));
    json.flag("promise_broken", verdict.is_broken);
    json.key("troubles").begin_array();
    for (const Freshness trouble : verdict.troubles) {
        json.text(name(trouble));
    }
    json.end_array();
    json.field("explanation", explanation);
}

void write_report_json(std::ostream& out, const RunReport& report, ExitCode status) {
    JsonWriter json(out);
    json.begin_object();
    json.field("schema", std::int64_t{kReportSchema});
    json.field("run_id", report.run_id);
    json.field("version", ISINFETCH_VERSION);
    json.field("started", format_time(report.started));
    json.field("finished", format_time(report.finished));
    json.flag("dry_run", report.dry_run);
    json.field("exit_status", static_cast<std::int64_t>(status));
    write_error(json, "error", report.error);
    json.key("sources").begin_array();
    for (const SourceReport& source : report.sources) {
        write_source(json, source);
    }
    json.end_array().end_object();
    out << '\n';
}

void write_report_text(std::ostream& out, const RunReport& report) {
    Table table({"SOURCE",
                 "STATUS",
                 "SEEN",
                 "ACCEPTED",
                 "REJECTED",
                 "LISTINGS",
                 "CHANGE",
                 "BYTES",
                 "TIME",
                 "FRESHNESS"});
    for (const SourceReport& source : report.sources) {
        const Counts& counts = source.counts;
        table.add({source.source,
                   std::string(name(source.status)),
                   std::to_string(counts.seen),
                   std::to_string(counts.accepted),
                   std::to_string(counts.rejected),
                   std::to_string(counts.listings),
                   difference_text(counts),
                   format_size(source.bytes),
                   seconds_text(total_time(source)),
                   std::string(name(source.freshness.state))});
    }
    table.write(out);
    for (const SourceReport& source : report.sources) {
        for (const std::string& what : source.waiting) {
            out << source.source << ": waiting: " << what << '\n';
        }
    }
    if (report.dry_run) {
        out << "dry run: nothing was committed\n";
    }
}

std::string summary_line(const SourceReport& report) {
    std::string text = fmt::format("{}: {}", report.source, name(report.status));
    if (report.status == SourceStatus::updated) {
        text += fmt::format(": {} listings, {}, {} rejected, {} in {}",
                            report.counts.listings,
                            difference_text(report.counts),
                            report.counts.rejected,
                            format_size(report.bytes),
                            seconds_text(total_time(report)));
    }
    return text;
}

std::string failure_block(const SourceReport& report) {
    if (!report.error) {
        return "";
    }
    std::string text = report.error->what();
    text += fmt::format("\n  source: {}, {}", report.source, name(report.status));
    if (report.http_status != 0) {
        text += fmt::format(", HTTP {} after {} request(s)", report.http_status, report.attempts);
    }
    text += fmt::format("\n  still served: {}", report.served);
    if (!report.kept.empty()) {
        text += fmt::format("\n  kept for the next run: {}", report.kept);
    }
    if (report.cooldown_until) {
        text += fmt::format("\n  not asked again before {}", format_time(*report.cooldown_until));
    }
    return text;
}

}  // namespace isinfetch::cli
