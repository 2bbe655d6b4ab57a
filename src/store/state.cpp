#include "store/state.hpp"

#include "store/columns.hpp"
#include "util/host.hpp"
#include "util/json.hpp"
#include "util/secret.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <deque>
#include <sstream>
#include <utility>

namespace isinfetch {

namespace {

/// Columns and their values for one row. Texts that are made here are kept here.
class Row {
public:
    Row& text(std::string_view column, std::string_view value) {
        return add(column, or_null(texts_.emplace_back(value)));
    }
    /// What the program, a library or a server says: others may read the store.
    Row& words(std::string_view column, std::string value) {
        return text(column, hide_secrets(std::move(value)));
    }
    Row& number(std::string_view column, std::int64_t value) { return add(column, value); }
    Row& number_or_null(std::string_view column, std::int64_t value) {
        return add(column, value == 0 ? Parameter{} : Parameter{value});
    }
    Row& time(std::string_view column, const std::optional<Timestamp>& value) {
        return text(column, value ? format_time(*value) : "");
    }

    /// "INSERT INTO <table> (a, b) VALUES ($1, $2)".
    std::string insert(std::string_view table) const {
        std::string names;
        std::string values;
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            names += fmt::format("{}{}", i == 0 ? "" : ", ", columns_[i]);
            values += fmt::format("{}${}", i == 0 ? "" : ", ", i + 1);
        }
        return fmt::format("INSERT INTO {} ({}) VALUES ({})", table, names, values);
    }

    /// "a = $1, b = $2".
    std::string assignments() const {
        std::string text;
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            text += fmt::format("{}{} = ${}", i == 0 ? "" : ", ", columns_[i], i + 1);
        }
        return text;
    }

    /// How many columns there are, which is also the number of the last parameter.
    std::size_t size() const noexcept { return columns_.size(); }
    std::span<const Parameter> parameters() const noexcept { return parameters_; }

    /// A parameter beyond those of the columns.
    Row& extra(std::int64_t value) {
        parameters_.emplace_back(value);
        return *this;
    }

private:
    Row& add(std::string_view column, Parameter value) {
        columns_.push_back(column);
        parameters_.push_back(value);
        return *this;
    }

    std::vector<std::string_view> columns_{};
    std::vector<Parameter> parameters_{};
    std::deque<std::string> texts_{};  // their addresses must not change
};

constexpr std::string_view kStateQuery =
    "SELECT id, name, last_attempt, last_success, last_change, cooldown_until, failures, "
    "last_error,"
    " records, head, url, sha256, etag, last_modified, published, encoding, mapping, line_end, "
    "tail,"
    " cursor, fence, lease_holder, lease_until, last_status, failing_since, newest_publication,"
    " waiting_for, waiting_reason, waiting_since, waiting_behind, older_since, older_runs,"
    " (SELECT r.host FROM run_source v JOIN run r ON r.id = v.run_id WHERE v.id = source.head),"
    " lease_since FROM source";

SourceState read_state(const Cursor& row) {
    return {.id = row.integer(0),
            .source = std::string(row.text(1)),
            .last_attempt = parse_time(row.text(2)),
            .last_success = parse_time(row.text(3)),
            .last_change = parse_time(row.text(4)),
            .cooldown_until = parse_time(row.text(5)),
            .failures = row.integer(6),
            .last_error = std::string(row.text(7)),
            .last_status = std::string(row.text(23)),
            .failing_since = parse_time(row.text(24)),
            .newest_publication = parse_time(row.text(25)),
            .waiting = {.publication = std::string(row.text(26)),
                        .reason = std::string(row.text(27)),
                        .since = parse_time(row.text(28)),
                        .behind = row.integer(29)},
            .older_since = parse_time(row.text(30)),
            .older_runs = row.integer(31),
            .records = row.integer(8),
            .head = row.integer(9),
            .fence = row.integer(20),
            .holder = std::string(row.text(21)),
            .held_since = std::string(row.text(33)),
            .held_until = std::string(row.text(22)),
            .host = std::string(row.text(32)),
            .url = std::string(row.text(10)),
            .sha256 = std::string(row.text(11)),
            .etag = std::string(row.text(12)),
            .last_modified = std::string(row.text(13)),
            .published = std::string(row.text(14)),
            .cursor = std::string(row.text(19)),
            .encoding = std::string(row.text(15)),
            .mapping = std::string(row.text(16)),
            .line_end = row.integer(17) != 0,
            .tail = json_strings(row.text(18))};
}

std::string durations_json(const SourceReport& report) {
    std::ostringstream out;
    JsonWriter json(out);
    json.begin_object();
    for (const auto& [stage, duration] : report.durations) {
        json.field(stage, static_cast<std::int64_t>(duration.count()));
    }
    json.end_object();
    return out.str();
}

std::string tally_json(const Tally& tally) {
    std::ostringstream out;
    JsonWriter json(out);
    json.begin_object();
    for (const auto& [remark, count] : tally) {
        json.field(remark, static_cast<std::int64_t>(count));
    }
    json.end_object();
    return out.str();
}

/// All columns of run_source that come from the report.
Row report_row(const SourceReport& report) {
    Row row;
    row.text("status", name(report.status));
    for (const CountInfo& count : count_table()) {
        row.number(count.name, static_cast<std::int64_t>(report.counts.*count.member));
    }
    row.number("bytes", static_cast<std::int64_t>(report.bytes))
        .text("sha256", report.sha256)
        .words("url", report.url)
        .text("published", report.published)
        .text("encoding", report.encoding)
        .number_or_null("http_status", report.http_status)
        .number("attempts", report.attempts)
        .text("durations", durations_json(report))
        .words("warnings", tally_json(report.remarks.warnings))
        .words("notes", tally_json(report.remarks.notes))
        .text("error_kind", report.error ? name(report.error->kind()) : "")
        .words("error", report.error ? report.error->what() : "");
    return row;
}

void insert_rejections(Connection& connection,
                       std::int64_t run_source,
                       const std::vector<Rejection>& rejections) {
    for (const Rejection& rejection : rejections) {
        const std::array<Parameter, 7> parameters{
            run_source,
            or_null(rejection.file),
            static_cast<std::int64_t>(rejection.position.line),
            static_cast<std::int64_t>(rejection.position.byte),
            rejection.reason,
            rejection.value,
            rejection.text};
        connection.execute(
            "INSERT INTO rejection (run_source_id, file, line, byte, reason, value, text)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7)",
            parameters);
    }
}

}  // namespace

SourceState load_state(Connection& connection, const std::string& source) {
    const std::array<Parameter, 1> parameters{source};
    const auto cursor =
        connection.query(fmt::format("{} WHERE name = $1", kStateQuery), parameters);
    return cursor->next() ? read_state(*cursor) : SourceState{};
}

std::vector<SourceState> load_states(Connection& connection) {
    std::vector<SourceState> states;
    const auto cursor = connection.query(fmt::format("{} ORDER BY name", kStateQuery), {});
    while (cursor->next()) {
        states.push_back(read_state(*cursor));
    }
    return states;
}

std::int64_t ensure_source(Connection& connection, const std::string& source) {
    const std::array<Parameter, 1> name{source};
    connection.execute("INSERT INTO source (name) VALUES ($1) ON CONFLICT (name) DO NOTHING", name);
    return query_integer(connection, "SELECT id FROM source WHERE name = $1", name).value_or(0);
}

bool is_published(Connection& connection, std::int64_t run_source, std::int64_t run) {
    const std::array<Parameter, 2> parameters{run_source, run};
    return query_integer(
               connection, "SELECT 1 FROM run_source WHERE id = $1 AND run_id = $2", parameters)
        .has_value();
}

std::optional<std::string> recorded_status(Connection& connection,
                                           std::int64_t run,
                                           std::int64_t source,
                                           std::int64_t step) {
    const std::array<Parameter, 3> parameters{run, source, step};
    return query_text(
        connection,
        "SELECT status FROM run_source WHERE run_id = $1 AND source_id = $2 AND step = $3",
        parameters);
}

void save_state(Connection& connection, SourceState& state) {
    state.id = ensure_source(connection, state.source);
    Row row;
    row.time("last_attempt", state.last_attempt)
        .time("last_success", state.last_success)
        .time("last_change", state.last_change)
        .time("cooldown_until", state.cooldown_until)
        .number("failures", state.failures)
        .words("last_error", state.last_error)
        .text("last_status", state.last_status)
        .time("failing_since", state.failing_since)
        .time("newest_publication", state.newest_publication)
        .text("waiting_for", state.waiting.publication)
        .words("waiting_reason", state.waiting.reason)
        .time("waiting_since", state.waiting.since)
        .number("waiting_behind", state.waiting.behind)
        .time("older_since", state.older_since)
        .number("older_runs", state.older_runs)
        .number("records", state.records)
        .number_or_null("head", state.head)
        .words("url", state.url)
        .text("sha256", state.sha256)
        .text("etag", state.etag)
        .text("last_modified", state.last_modified)
        .text("published", state.published)
        .text("cursor", state.cursor)
        .text("encoding", state.encoding)
        .text("mapping", state.mapping)
        .number("line_end", state.line_end ? 1 : 0)
        .text("tail", json_array(state.tail));
    const std::string sql =
        fmt::format("UPDATE source SET {} WHERE id = ${}", row.assignments(), row.size() + 1);
    connection.execute(sql, row.extra(state.id).parameters());
}

std::int64_t begin_run(Connection& connection, const RunReport& report) {
    Row row;
    row.text("run_id", report.run_id)
        .text("host", report.host.empty() ? host_name() : report.host)
        .number("pid", getpid())
        .text("version", ISINFETCH_VERSION)
        .time("started", report.started)
        .number("dry_run", report.dry_run ? 1 : 0);
    return insert_row(
        connection,
        row.insert("run") + " ON CONFLICT (run_id) DO UPDATE SET pid = excluded.pid RETURNING id",
        row.parameters());
}

void end_run(Connection& connection, std::int64_t run, const RunReport& report, ExitCode status) {
    const std::string finished = format_time(report.finished);
    const std::array<Parameter, 3> parameters{finished, static_cast<std::int64_t>(status), run};
    connection.execute("UPDATE run SET finished = $1, exit_status = $2 WHERE id = $3", parameters);
}

std::int64_t record_source(Connection& connection,
                           std::int64_t run,
                           std::int64_t source,
                           const SourceReport& report,
                           std::int64_t step) {
    Row row = report_row(report);
    row.number("run_id", run).number("source_id", source).number("step", step);
    const std::int64_t key =
        insert_row(connection, row.insert("run_source") + " RETURNING id", row.parameters());
    insert_rejections(connection, key, report.rejections);
    return key;
}

void update_counts(Connection& connection, std::int64_t run_source, const SourceReport& report) {
    Row row = report_row(report);
    const std::string sql =
        fmt::format("UPDATE run_source SET {} WHERE id = ${}", row.assignments(), row.size() + 1);
    connection.execute(sql, row.extra(run_source).parameters());
    const std::array<Parameter, 1> parameters{run_source};
    connection.execute("DELETE FROM rejection WHERE run_source_id = $1", parameters);
    insert_rejections(connection, run_source, report.rejections);
}

void record_file(Connection& connection,
                 std::int64_t source,
                 std::int64_t run_source,
                 const FileRecord& file) {
    const std::string name = hide_secrets(file.name);
    const std::string url = hide_secrets(file.url);
    const std::array<Parameter, 12> parameters{source,
                                               run_source,
                                               name,
                                               or_null(url),
                                               or_null(file.sha256),
                                               or_null(file.checksum),
                                               or_null(file.published),
                                               file.role,
                                               or_null(file.etag),
                                               or_null(file.last_modified),
                                               static_cast<std::int64_t>(file.bytes),
                                               file.applied ? "applied" : "refused"};
    connection.execute(
        "INSERT INTO file (source_id, run_source_id, name, url, sha256, checksum, published, role,"
        " etag, last_modified, bytes, state)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        parameters);
}

FullLists full_lists_around(Connection& connection,
                            std::int64_t source,
                            const std::string& published) {
    const std::array<Parameter, 2> parameters{source, published};
    const std::string lists =
        " FROM file WHERE source_id = $1 AND role = 'snapshot' AND state = 'applied'"
        " AND run_source_id NOT IN (SELECT id FROM run_source WHERE source_id = $1"
        " AND undone_run IS NOT NULL) AND published ";
    return {
        .next = query_text(connection, "SELECT min(published)" + lists + "> $2", parameters)
                    .value_or(""),
        .has_earlier =
            query_integer(connection, "SELECT 1" + lists + "< $2 LIMIT 1", parameters).has_value()};
}

namespace {

constexpr std::string_view kFiles =
    "SELECT name, url, sha256, checksum, published, role, etag, last_modified, bytes, state"
    " FROM file WHERE source_id = $1";

std::vector<FileRecord> read_files(Cursor& row) {
    std::vector<FileRecord> files;
    while (row.next()) {
        files.push_back({.name = std::string(row.text(0)),
                         .url = std::string(row.text(1)),
                         .sha256 = std::string(row.text(2)),
                         .checksum = std::string(row.text(3)),
                         .published = std::string(row.text(4)),
                         .role = std::string(row.text(5)),
                         .etag = std::string(row.text(6)),
                         .last_modified = std::string(row.text(7)),
                         .bytes = static_cast<std::uint64_t>(row.integer(8)),
                         .applied = row.text(9) == "applied"});
    }
    return files;
}

}  // namespace

std::vector<FileRecord> newest_files(Connection& connection, std::int64_t source) {
    const std::array<Parameter, 1> parameters{source};
    const auto rows =
        connection.query(std::string(kFiles) +
                             " AND run_source_id = (SELECT run_source_id FROM file"
                             " WHERE source_id = $1 ORDER BY id DESC LIMIT 1) ORDER BY id",
                         parameters);
    return read_files(*rows);
}

bool is_applied(Connection& connection, std::int64_t source, const std::string& sha256) {
    const std::array<Parameter, 2> parameters{source, std::string_view(sha256)};
    return query_integer(connection,
                         "SELECT 1 FROM file f JOIN run_source r ON r.id = f.run_source_id"
                         " WHERE f.source_id = $1 AND f.sha256 = $2 AND f.state = 'applied'"
                         " AND r.undone_run IS NULL LIMIT 1",
                         parameters)
        .has_value();
}

std::optional<FileRecord> find_file(Connection& connection,
                                    std::int64_t source,
                                    const std::string& name,
                                    const std::string& checksum) {
    const std::array<Parameter, 3> parameters{
        source, std::string_view(name), std::string_view(checksum)};
    const auto row = connection.query(
        std::string(kFiles) + " AND name = $2 AND checksum = $3 ORDER BY id DESC LIMIT 1",
        parameters);
    const std::vector<FileRecord> files = read_files(*row);
    return files.empty() ? std::nullopt : std::optional(files.front());
}

}  // namespace isinfetch
