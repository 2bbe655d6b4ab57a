#include "store/columns.hpp"
#include "store/query.hpp"

#include <fmt/format.h>

#include <array>

namespace isinfetch {

std::vector<ListVersion> list_versions(Connection& connection, const std::string& source) {
    const std::string sql = fmt::format(
        "SELECT v.id, v.published, r.started, {}"
        " FROM source s JOIN run_source v ON v.source_id = s.id JOIN run r ON r.id = v.run_id"
        " WHERE s.name = $1 AND v.status = 'updated' AND v.undoes IS NULL"
        " AND v.undone_run IS NULL AND r.dry_run = 0 ORDER BY v.id",
        count_columns("v."));
    const std::array<Parameter, 1> parameters{source};
    const auto cursor = connection.query(sql, parameters);
    std::vector<ListVersion> versions;
    while (cursor->next()) {
        versions.push_back({.run_source = cursor->integer(0),
                            .published = std::string(cursor->text(1)),
                            .applied = std::string(cursor->text(2)),
                            .counts = read_counts(*cursor, 3)});
    }
    return versions;
}

std::vector<PrunedSource> pruned_sources(Connection& connection) {
    const auto row = connection.query(
        "SELECT name, kept_since FROM source WHERE kept_since IS NOT NULL ORDER BY name", {});
    std::vector<PrunedSource> sources;
    while (row->next()) {
        sources.push_back({std::string(row->text(0)), std::string(row->text(1))});
    }
    return sources;
}

std::vector<FirstList> first_lists(Connection& connection) {
    const auto row = connection.query(
        "SELECT s.name, min(v.published) FROM source s JOIN run_source v ON v.source_id = s.id"
        " JOIN run r ON r.id = v.run_id WHERE v.status = 'updated' AND v.undoes IS NULL"
        " AND v.undone_run IS NULL AND r.dry_run = 0 AND v.published IS NOT NULL"
        " GROUP BY s.name ORDER BY s.name",
        {});
    std::vector<FirstList> lists;
    while (row->next()) {
        lists.push_back({std::string(row->text(0)), std::string(row->text(1))});
    }
    return lists;
}

void for_each_run(Connection& connection,
                  const std::string& source,
                  std::int64_t limit,
                  const std::function<void(const RunEntry&)>& sink) {
    const std::string sql = fmt::format(
        "SELECT r.run_id, r.started, s.name, CASE WHEN v.undone_run IS NOT NULL THEN 'undone'"
        " WHEN v.undoes IS NOT NULL THEN 'rollback' ELSE v.status END, v.error, v.published, "
        "r.host, v.error_kind, v.http_status, v.url, {}"
        " FROM run_source v JOIN run r ON r.id = v.run_id JOIN source s ON s.id = v.source_id"
        " WHERE $1 = '' OR s.name = $1 ORDER BY v.id DESC LIMIT $2",
        count_columns("v."));
    const std::array<Parameter, 2> parameters{source, limit};
    const auto cursor = connection.query(sql, parameters);
    while (cursor->next()) {
        sink({.run_id = std::string(cursor->text(0)),
              .started = std::string(cursor->text(1)),
              .source = std::string(cursor->text(2)),
              .status = std::string(cursor->text(3)),
              .error = std::string(cursor->text(4)),
              .published = std::string(cursor->text(5)),
              .host = std::string(cursor->text(6)),
              .error_kind = std::string(cursor->text(7)),
              .http_status = cursor->integer(8),
              .url = std::string(cursor->text(9)),
              .counts = read_counts(*cursor, 10)});
    }
}

}  // namespace isinfetch
