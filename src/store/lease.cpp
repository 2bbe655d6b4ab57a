#include "store/lease.hpp"

#include "util/time.hpp"

#include <array>

namespace isinfetch {

LeaseState read_lease(Connection& connection, const std::string& source) {
    const std::array<Parameter, 1> parameters{source};
    const auto row = connection.query(
        "SELECT lease_holder, lease_until,"
        " CASE WHEN lease_until >= store_time(0) THEN 0 ELSE 1 END, takeovers, lease_since"
        " FROM source WHERE name = $1",
        parameters);
    if (!row->next()) {
        return {};
    }
    return {.holder = std::string(row->text(0)),
            .since = std::string(row->text(4)),
            .until = std::string(row->text(1)),
            .is_over = row->integer(2) != 0,
            .takeovers = row->integer(3)};
}

std::optional<std::int64_t> take_lease(Connection& connection,
                                       const std::string& source,
                                       const std::string& holder,
                                       std::chrono::seconds duration) {
    const std::array<Parameter, 3> parameters{source, holder, std::int64_t{duration.count()}};
    Transaction transaction(connection);
    const std::int64_t token =
        insert_row(connection,
                   "INSERT INTO source (name, fence, lease_holder, lease_since, lease_until)"
                   " VALUES ($1, 1, $2, store_time(0), store_time($3))"
                   " ON CONFLICT (name) DO UPDATE SET fence = source.fence + 1,"
                   " lease_holder = excluded.lease_holder, lease_since = excluded.lease_since,"
                   " lease_until = excluded.lease_until,"
                   " takeovers = CASE WHEN source.lease_holder IS NULL THEN 0"
                   " WHEN source.lease_holder = excluded.lease_holder THEN source.takeovers"
                   " ELSE source.takeovers + 1 END"
                   " WHERE source.lease_until IS NULL OR source.lease_until < store_time(0)"
                   " OR source.lease_holder = excluded.lease_holder"
                   " RETURNING fence",
                   parameters);
    transaction.commit();
    if (token == 0) {
        return std::nullopt;
    }
    // Whoever is still at it has an older token, and nothing of it would ever be committed.
    const std::array<Parameter, 1> name{source};
    query_integer(connection, "SELECT end_writers(id) FROM source WHERE name = $1", name);
    return token;
}

bool renew_lease(Connection& connection,
                 const std::string& source,
                 std::int64_t token,
                 std::chrono::seconds duration) {
    const std::array<Parameter, 3> parameters{source, token, std::int64_t{duration.count()}};
    Transaction transaction(connection);
    const std::int64_t rows = connection.execute(
        "UPDATE source SET lease_until = store_time($3) WHERE name = $1 AND fence = $2",
        parameters);
    transaction.commit();
    return rows == 1;
}

void give_lease_back(Connection& connection, const std::string& source, std::int64_t token) {
    const std::array<Parameter, 2> parameters{source, token};
    Transaction transaction(connection);
    connection.execute(
        "UPDATE source SET lease_holder = NULL, lease_since = NULL, lease_until = NULL,"
        " takeovers = 0 WHERE name = $1 AND fence = $2",
        parameters);
    transaction.commit();
}

std::optional<std::chrono::seconds> age_of(const HeldLease& held) {
    const auto since = parse_time(held.lease.since);
    const auto time = parse_time(held.now);
    return since && time ? std::optional(*time - *since) : std::nullopt;
}

std::vector<HeldLease> held_leases(Connection& connection) {
    const auto row = connection.query(
        "SELECT name, lease_holder, lease_since, lease_until,"
        " CASE WHEN lease_until >= store_time(0) THEN 0 ELSE 1 END, takeovers, store_time(0)"
        " FROM source WHERE lease_holder IS NOT NULL ORDER BY name",
        {});
    std::vector<HeldLease> leases;
    while (row->next()) {
        leases.push_back({.source = std::string(row->text(0)),
                          .lease = {.holder = std::string(row->text(1)),
                                    .since = std::string(row->text(2)),
                                    .until = std::string(row->text(3)),
                                    .is_over = row->integer(4) != 0,
                                    .takeovers = row->integer(5)},
                          .now = std::string(row->text(6))});
    }
    return leases;
}

// The token first: a holder that works still finds it out with its next word.
std::optional<LeaseState> break_lease(Connection& connection, const std::string& source) {
    const LeaseState lease = read_lease(connection, source);
    if (lease.holder.empty()) {
        return std::nullopt;
    }
    const std::array<Parameter, 2> parameters{source, lease.holder};
    Transaction transaction(connection);
    const std::int64_t rows = connection.execute(
        "UPDATE source SET fence = fence + 1, lease_holder = NULL, lease_since = NULL,"
        " lease_until = NULL, takeovers = 0 WHERE name = $1 AND lease_holder = $2",
        parameters);
    transaction.commit();
    if (rows == 0) {
        return std::nullopt;
    }
    const std::array<Parameter, 1> name{source};
    query_integer(connection, "SELECT end_writers(id) FROM source WHERE name = $1", name);
    return lease;
}

void announce_writer(Connection& connection, const std::string& source) {
    const std::array<Parameter, 1> parameters{source};
    connection.query("SELECT mark_writer(id) FROM source WHERE name = $1", parameters)->next();
}

// An UPDATE that changes nothing, for not every backend knows SELECT … FOR UPDATE.
bool hold_source(Connection& connection, const Claim& claim) {
    const std::array<Parameter, 3> parameters{claim.source, claim.token, claim.head};
    return connection.execute(
               "UPDATE source SET fence = fence"
               " WHERE name = $1 AND fence = $2 AND coalesce(head, 0) = $3",
               parameters) == 1;
}

void wait_for_source(Connection& connection, const std::string& source) {
    const std::array<Parameter, 1> parameters{source};
    Transaction transaction(connection);
    connection.execute("UPDATE source SET fence = fence WHERE name = $1", parameters);
    transaction.commit();
}

}  // namespace isinfetch
