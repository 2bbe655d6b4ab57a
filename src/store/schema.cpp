#include "store/schema.hpp"

#include "store/columns.hpp"
#include "store/schema_changes.hpp"
#include "util/error.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <optional>

namespace isinfetch {

namespace {

// Every table has a single-column key `id` beside its natural one: object-relational mappers ask
// for it. Times are text, RFC 3339 in UTC. `source.head` refers to run_source(id) without a foreign
// key: the two tables would need each other.
constexpr std::string_view kRunTables = R"(
CREATE TABLE schema_info (version {integer} NOT NULL){end};
INSERT INTO schema_info (version) VALUES (0);

CREATE TABLE source (
    id {id},
    name {text} NOT NULL UNIQUE,
    url {text},
    sha256 {text},
    etag {text},
    last_modified {text},
    published {text},
    cursor {text},
    encoding {text},
    mapping {text},
    line_end {integer} NOT NULL DEFAULT 1 CHECK (line_end IN (0, 1)),
    tail {text} CHECK (tail IS NULL OR json_valid(tail)),
    records {integer} NOT NULL DEFAULT 0,
    last_attempt {text},
    last_success {text},
    last_change {text},
    cooldown_until {text},
    failures {integer} NOT NULL DEFAULT 0,
    last_error {text},
    head {integer},
    fence {integer} NOT NULL DEFAULT 0,
    lease_holder {text},
    lease_until {text},
    takeovers {integer} NOT NULL DEFAULT 0
){end};

CREATE TABLE run (
    id {id},
    run_id {text} NOT NULL UNIQUE,
    host {text} NOT NULL,
    pid {integer} NOT NULL,
    version {text} NOT NULL,
    started {text} NOT NULL,
    finished {text},
    dry_run {integer} NOT NULL CHECK (dry_run IN (0, 1)),
    exit_status {integer}
){end};

CREATE TABLE run_source (
    id {id},
    run_id {integer} NOT NULL REFERENCES run (id),
    source_id {integer} NOT NULL REFERENCES source (id),
    step {integer} NOT NULL DEFAULT 1,
    status {text} NOT NULL CHECK (status IN ({statuses})),
{counts}
    bytes {integer} NOT NULL DEFAULT 0,
    sha256 {text},
    url {text},
    published {text},
    encoding {text},
    http_status {integer},
    attempts {integer} NOT NULL DEFAULT 0,
    durations {text} CHECK (durations IS NULL OR json_valid(durations)),
    warnings {text} CHECK (warnings IS NULL OR json_valid(warnings)),
    notes {text} CHECK (notes IS NULL OR json_valid(notes)),
    error_kind {text},
    error {text},
    UNIQUE (run_id, source_id, step)
){end};
-- The versions of one list in their order; the last run of a source.
CREATE INDEX run_source_source ON run_source (source_id, id);

CREATE TABLE file (
    id {id},
    source_id {integer} NOT NULL REFERENCES source (id),
    run_source_id {integer} NOT NULL REFERENCES run_source (id),
    name {text} NOT NULL,
    url {text},
    sha256 {text},
    checksum {text},
    published {text},
    role {text} NOT NULL CHECK (role IN ('snapshot', 'delta', 'cancellations')),
    etag {text},
    last_modified {text},
    bytes {integer} NOT NULL,
    state {text} NOT NULL CHECK (state IN ('applied', 'refused'))
){end};
-- The newest file of a source.
CREATE INDEX file_source ON file (source_id, id);
-- What a run brought; also what deleting an old run has to look at.
CREATE INDEX file_run_source ON file (run_source_id);

CREATE TABLE rejection (
    id {id},
    run_source_id {integer} NOT NULL REFERENCES run_source (id),
    file {text},
    line {integer} NOT NULL,
    byte {integer} NOT NULL,
    reason {text} NOT NULL,
    value {text} NOT NULL,
    text {text} NOT NULL
){end};
-- The rejections of one run.
CREATE INDEX rejection_run_source ON rejection (run_source_id);

CREATE TABLE gap (
    id {id},
    source_id {integer} NOT NULL REFERENCES source (id),
    day {text} NOT NULL,
    noticed_run {integer} NOT NULL REFERENCES run_source (id),
    filled_run {integer} REFERENCES run_source (id),
    UNIQUE (source_id, day)
){end};
)";

// OR rather than IN: for a longer IN, SQLite makes a table at every execution of a statement, which
// halves the speed of a first load.
constexpr std::string_view kListingTable = R"(
CREATE TABLE listing (
    id {id},
    source_id {integer} NOT NULL REFERENCES source (id),
    isin {text} NOT NULL CHECK (length(isin) = 12),
    venue {text} NOT NULL,
{facts}
    other {text},
    published {text} NOT NULL,
    superseded {text},
    valid_from {text},
    valid_to {text},
    cancelled {text},
    added_run {integer} NOT NULL REFERENCES run_source (id),
    closed_run {integer} REFERENCES run_source (id),
    opened_as {text} NOT NULL CHECK
        (opened_as = 'added' OR opened_as = 'changed' OR opened_as = 'cosmetic'
         OR opened_as = 'terminated' OR opened_as = 'cancelled' OR opened_as = 'reconciled'),
    closed_as {text} CHECK
        (closed_as IS NULL OR closed_as = 'changed' OR closed_as = 'cosmetic' OR closed_as = 'removed'
         OR closed_as = 'terminated' OR closed_as = 'cancelled' OR closed_as = 'missing_in_full'),
    CHECK ((closed_run IS NULL) = (closed_as IS NULL))
){end};
-- One current version per key; the order in which a new list is merged and a current one is read.
CREATE UNIQUE INDEX listing_current_key ON listing (source_id, isin, venue)
    WHERE closed_run IS NULL;
-- The natural key, and everything about one ISIN: all sources, all versions, in reading order.
CREATE UNIQUE INDEX listing_key ON listing (isin, source_id, venue, added_run);
-- What a run opened and closed: the differences between two versions. Its entries come in the
-- order of their runs, so that a first load only ever appends; closed ones are but the history.
CREATE INDEX listing_added ON listing (added_run);
CREATE INDEX listing_closed ON listing (closed_run) WHERE closed_run IS NOT NULL;
)";

// An ISIN is shown by its first row in the order of (source, venue): the same for everybody, and
// found without sorting the table.
constexpr std::string_view kViews = R"(
CREATE VIEW listing_current AS
SELECT l.id, s.name AS source, {columns}, l.published, l.valid_from, l.valid_to,
       l.source_id, l.added_run
FROM listing l JOIN source s ON s.id = l.source_id
WHERE l.closed_run IS NULL;

CREATE VIEW instrument AS
SELECT l.id, s.name AS source, {columns}, l.published,
       (SELECT count(DISTINCT o.source_id) FROM listing o
        WHERE o.isin = l.isin AND o.closed_run IS NULL) AS sources,
       (SELECT count(DISTINCT o.venue) FROM listing o
        WHERE o.isin = l.isin AND o.closed_run IS NULL) AS venues,
       (SELECT count(*) FROM listing o
        WHERE o.isin = l.isin AND o.closed_run IS NULL) AS listings
FROM listing l JOIN source s ON s.id = l.source_id
WHERE l.closed_run IS NULL AND NOT EXISTS (
    SELECT 1 FROM listing o JOIN source t ON t.id = o.source_id
    WHERE o.isin = l.isin AND o.closed_run IS NULL
      AND (t.name < s.name OR (t.name = s.name AND o.venue < l.venue)));

CREATE VIEW change AS
SELECT s.name AS source, l.isin, l.venue, l.opened_as AS kind, r.run_id, l.published,
       r.started AS at, l.id AS listing_id, l.added_run AS run_source_id
FROM listing l
JOIN source s ON s.id = l.source_id
JOIN run_source v ON v.id = l.added_run
JOIN run r ON r.id = v.run_id
UNION ALL
SELECT s.name, l.isin, l.venue, l.closed_as, r.run_id, l.superseded,
       r.started, l.id, l.closed_run
FROM listing l
JOIN source s ON s.id = l.source_id
JOIN run_source v ON v.id = l.closed_run
JOIN run r ON r.id = v.run_id
WHERE l.closed_as IN ('removed', 'missing_in_full');
)";

std::string status_names() {
    std::string names;
    for (const SourceStatus status : {SourceStatus::updated,
                                      SourceStatus::unchanged,
                                      SourceStatus::current,
                                      SourceStatus::cooldown,
                                      SourceStatus::refused,
                                      SourceStatus::failed}) {
        names += fmt::format("{}'{}'", names.empty() ? "" : ", ", name(status));
    }
    return names;
}

std::string count_definitions(const Dialect& dialect) {
    std::string definitions;
    for (const CountInfo& count : count_table()) {
        definitions += fmt::format("    {} {} NOT NULL DEFAULT 0,\n", count.name, dialect.integer);
    }
    return definitions;
}

std::string fact_definitions(const Dialect& dialect) {
    std::string definitions;
    for (const FieldInfo& field : field_table().subspan<kFirstFact>()) {
        definitions += fmt::format("    {} {},\n", field.name, dialect.text);
    }
    return definitions;
}

std::string first_schema(const Dialect& dialect) {
    const std::string text = fmt::format("{}{}{}", kRunTables, kListingTable, kViews);
    return std::string(dialect.functions) +
           fmt::format(fmt::runtime(text),
                       fmt::arg("id", dialect.id),
                       fmt::arg("integer", dialect.integer),
                       fmt::arg("text", dialect.text),
                       fmt::arg("end", dialect.table_end),
                       fmt::arg("statuses", status_names()),
                       fmt::arg("counts", count_definitions(dialect)),
                       fmt::arg("facts", fact_definitions(dialect)),
                       fmt::arg("columns", listing_columns("l.")));
}

std::string second_schema(const Dialect& dialect) {
    return fmt::format(fmt::runtime(std::string(kOperations)),
                       fmt::arg("id", dialect.id),
                       fmt::arg("integer", dialect.integer),
                       fmt::arg("end", dialect.table_end));
}

std::string third_schema(const Dialect& dialect) {
    return fmt::format("{}{};{}", dialect.writer_functions, dialect.listing_layout, kEndedIndex);
}

std::string fourth_schema(const Dialect& dialect) {
    return fmt::format(fmt::runtime(std::string(kFreshness)), fmt::arg("integer", dialect.integer));
}

std::string fifth_schema(const Dialect&) {
    return std::string(kLiveness);
}

constexpr std::array<std::string_view, 8> kTables{
    "source", "run", "run_source", "file", "rejection", "gap", "listing", "undo"};

using Migration = std::string (*)(const Dialect&);

/// The n-th leads from schema n - 1 to n. Those that were released never change.
constexpr std::array<Migration, 5> kMigrations{
    first_schema, second_schema, third_schema, fourth_schema, fifth_schema};

/// 0 when there is no schema yet.
std::int64_t stored_version(Connection& connection, const Dialect& dialect) {
    if (!query_integer(connection, dialect.has_schema)) {
        return 0;
    }
    return query_integer(connection, "SELECT version FROM schema_info").value_or(0);
}

// All in one transaction: nobody sees a store of a schema in between. The version is read again
// under the lock: another process may have been here meanwhile.
void migrate(Connection& connection, const Dialect& dialect) {
    Transaction transaction(connection);
    if (!dialect.lock_schema.empty()) {
        connection.query(dialect.lock_schema, {})->next();
    }
    for (std::int64_t version = stored_version(connection, dialect) + 1;
         version <= schema_version();
         ++version) {
        connection.script(kMigrations[static_cast<std::size_t>(version - 1)](dialect));
        const std::array<Parameter, 1> parameters{version};
        connection.execute("UPDATE schema_info SET version = $1", parameters);
    }
    transaction.commit();
}

}  // namespace

std::span<const std::string_view> table_names() noexcept {
    return kTables;
}

int schema_version() noexcept {
    return static_cast<int>(kMigrations.size());
}

void prepare_schema(Connection& connection,
                    const Dialect& dialect,
                    StoreMode mode,
                    const std::string& where) {
    // In this order: tables and version of a store that is just being made come in one commit.
    const bool has_tables = query_integer(connection, dialect.has_tables).has_value();
    const std::int64_t stored = stored_version(connection, dialect);
    const std::int64_t known = schema_version();
    if (stored > known) {
        fail(ErrorKind::config,
             "{}: schema {} is newer than this program's {}: upgrade isinfetch",
             where,
             stored,
             known);
    }
    if (stored == 0 && has_tables) {
        fail(ErrorKind::config, "{}: the database of another program, not a store", where);
    }
    if (stored == known) {
        return;
    }
    if (mode == StoreMode::read_write) {
        migrate(connection, dialect);
    } else if (stored == 0) {
        fail(ErrorKind::gone, "{}: no store yet: run 'isinfetch run' first", where);
    } else {
        fail(ErrorKind::config,
             "{}: schema {} is older than this program's {}: run 'isinfetch run' to bring it up",
             where,
             stored,
             known);
    }
}

}  // namespace isinfetch
