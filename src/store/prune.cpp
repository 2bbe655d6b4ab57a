#include "store/prune.hpp"

#include <fmt/format.h>

#include <array>
#include <vector>

namespace isinfetch {

namespace {

constexpr std::int64_t kRowsAtOnce = 1000;  // in one transaction

std::vector<std::int64_t> read_keys(Connection& connection,
                                    std::string_view sql,
                                    std::span<const Parameter> parameters) {
    std::vector<std::int64_t> keys;
    const auto row = connection.query(sql, parameters);
    while (row->next()) {
        keys.push_back(row->integer(0));
    }
    return keys;
}

/// What rollback would need of the merges of that time.
void forget_how_to_undo(Connection& connection, const std::string& before) {
    const std::array<Parameter, 1> parameters{before};
    Transaction transaction(connection);
    connection.execute(
        "DELETE FROM undo WHERE run_source_id IN (SELECT v.id FROM run_source v"
        " JOIN run r ON r.id = v.run_id WHERE r.started < $1 AND r.finished IS NOT NULL"
        " AND v.previous IS NOT NULL)",
        parameters);
    connection.execute(
        "UPDATE run_source SET previous = NULL WHERE previous IS NOT NULL"
        " AND run_id IN (SELECT id FROM run WHERE started < $1 AND finished IS NOT NULL)",
        parameters);
    transaction.commit();
}

/// One transaction's worth of what the list `version` closed.
std::int64_t remove_versions(Connection& connection,
                             std::int64_t version,
                             const std::string& before) {
    Transaction transaction(connection);
    const std::array<Parameter, 3> parameters{version, before, kRowsAtOnce};
    const std::int64_t count = connection.execute(
        "DELETE FROM listing WHERE id IN (SELECT id FROM listing WHERE closed_run = $1"
        " AND superseded < $2 LIMIT $3)",
        parameters);
    if (count > 0) {
        connection.execute(
            "UPDATE source SET kept_since = $2 WHERE (kept_since IS NULL OR kept_since < $2)"
            " AND id = (SELECT source_id FROM run_source WHERE id = $1)",
            std::span(parameters).first<2>());
    }
    transaction.commit();
    return count;
}

std::int64_t count_versions(Connection& connection,
                            std::int64_t version,
                            const std::string& before) {
    const std::array<Parameter, 2> parameters{version, before};
    return query_integer(connection,
                         "SELECT count(*) FROM listing WHERE closed_run = $1 AND superseded < $2",
                         parameters)
        .value_or(0);
}

/// The next entries after $1 of runs before $2 that may go.
constexpr std::string_view kOldEntries =
    "SELECT v.id FROM run_source v JOIN run r ON r.id = v.run_id"
    " JOIN source s ON s.id = v.source_id"
    " WHERE v.id > $1 AND r.started < $2 AND r.finished IS NOT NULL AND v.id <> coalesce(s.head, 0)"
    " AND (v.status <> 'updated' OR v.undoes IS NOT NULL OR v.undone_run IS NOT NULL)"
    " AND v.id < (SELECT max(n.id) FROM run_source n WHERE n.source_id = v.source_id)"
    " AND NOT EXISTS (SELECT 1 FROM run_source u WHERE u.undone_run = v.id AND u.id <= $1)"
    " AND NOT EXISTS (SELECT 1 FROM gap g WHERE g.noticed_run = v.id OR g.filled_run = v.id)"
    " ORDER BY v.id LIMIT $3";

/// The rollback that undid an entry goes with it, or after it.
void remove_entries(Connection& connection, const std::vector<std::int64_t>& entries) {
    Transaction transaction(connection);
    for (const std::int64_t entry : entries) {
        const std::array<Parameter, 1> parameters{entry};
        for (const std::string_view sql : {"DELETE FROM rejection WHERE run_source_id = $1",
                                           "DELETE FROM file WHERE run_source_id = $1",
                                           "UPDATE run_source SET undoes = NULL WHERE undoes = $1",
                                           "DELETE FROM run_source WHERE id = $1"}) {
            connection.execute(sql, parameters);
        }
    }
    transaction.commit();
}

/// Runs without entries, and samples of runs that have some.
void remove_remains(Connection& connection, const std::string& before, const Check& check) {
    const std::array<Parameter, 2> parameters{before, kRowsAtOnce};
    for (const std::string_view sql :
         {"DELETE FROM rejection WHERE id IN (SELECT j.id FROM rejection j"
          " JOIN run_source v ON v.id = j.run_source_id JOIN run r ON r.id = v.run_id"
          " WHERE r.started < $1 AND r.finished IS NOT NULL LIMIT $2)",
          "DELETE FROM run WHERE id IN (SELECT r.id FROM run r WHERE r.started < $1"
          " AND r.finished IS NOT NULL AND NOT EXISTS (SELECT 1 FROM run_source v WHERE v.run_id = "
          "r.id) LIMIT $2)"}) {
        std::int64_t count = kRowsAtOnce;
        while (count == kRowsAtOnce) {
            check();
            Transaction transaction(connection);
            count = connection.execute(sql, parameters);
            transaction.commit();
        }
    }
}

}  // namespace

KnownFiles known_files(Connection& connection, Timestamp since) {
    const std::string time = format_time(since);
    const std::array<Parameter, 1> parameters{time};
    KnownFiles files;
    const auto row = connection.query(
        "SELECT f.sha256, r.started >= $1 OR f.run_source_id >= coalesce(s.head, 0)"
        " OR f.sha256 = s.sha256"
        " OR f.id = (SELECT max(n.id) FROM file n WHERE n.source_id = f.source_id) AS needed"
        " FROM file f JOIN source s ON s.id = f.source_id"
        " JOIN run_source v ON v.id = f.run_source_id JOIN run r ON r.id = v.run_id"
        " WHERE f.sha256 IS NOT NULL AND f.pruned IS NULL",
        parameters);
    while (row->next()) {
        const std::string_view needed = row->text(1);
        bool& is_needed = files[std::string(row->text(0))];
        is_needed = is_needed || needed == "1" || needed == "t";
    }
    return files;
}

void note_pruned(Connection& connection, std::span<const std::string> digests, Timestamp when) {
    const std::string time = format_time(when);
    std::vector<Parameter> parameters{time};
    std::string places;
    for (const std::string& digest : digests) {
        parameters.emplace_back(digest);
        places += fmt::format("{}${}", places.empty() ? "" : ", ", parameters.size());
    }
    Transaction transaction(connection);
    connection.execute(
        fmt::format("UPDATE file SET pruned = $1 WHERE pruned IS NULL AND sha256 IN ({})", places),
        parameters);
    transaction.commit();
}

std::uint64_t prune_versions(Connection& connection,
                             Timestamp before,
                             PruneMode mode,
                             const Check& check) {
    const std::string time = format_time(before);
    const std::array<Parameter, 1> parameters{time};
    const auto lists = read_keys(connection,
                                 "SELECT v.id FROM run_source v JOIN run r ON r.id = v.run_id"
                                 " WHERE r.started < $1 AND v.status = 'updated' ORDER BY v.id",
                                 parameters);
    if (mode == PruneMode::remove) {
        forget_how_to_undo(connection, time);
    }
    std::int64_t total = 0;
    for (const std::int64_t list : lists) {
        std::int64_t count = kRowsAtOnce;
        while (mode == PruneMode::remove && count == kRowsAtOnce) {
            check();
            count = remove_versions(connection, list, time);
            total += count;
        }
        total += mode == PruneMode::count ? count_versions(connection, list, time) : 0;
    }
    return static_cast<std::uint64_t>(total);
}

std::uint64_t prune_runs(Connection& connection,
                         Timestamp before,
                         PruneMode mode,
                         const Check& check) {
    const std::string time = format_time(before);
    if (mode == PruneMode::remove) {
        forget_how_to_undo(connection, time);
    }
    std::uint64_t total = 0;
    std::int64_t last = 0;
    while (true) {
        check();
        const std::array<Parameter, 3> parameters{last, time, kRowsAtOnce};
        const auto entries = read_keys(connection, kOldEntries, parameters);
        if (entries.empty()) {
            break;
        }
        last = entries.back();
        total += entries.size();
        if (mode == PruneMode::remove) {
            remove_entries(connection, entries);
        }
    }
    if (mode == PruneMode::remove) {
        remove_remains(connection, time, check);
    }
    return total;
}

}  // namespace isinfetch
