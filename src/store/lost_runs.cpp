#include "store/lost_runs.hpp"

#include "util/error.hpp"

#include <sys/types.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <string_view>
#include <vector>

namespace isinfetch {

namespace {

constexpr std::chrono::hours kLongestSilence{1};

/// Holders of leases end with the name of their run: see SourceJob::lease_holder().
constexpr std::string_view kHasLease =
    "EXISTS (SELECT 1 FROM source s WHERE s.lease_until >= store_time(0)"
    " AND s.lease_holder LIKE '%, run ' || run.run_id)";

bool is_alive(std::int64_t pid) noexcept {
    return ::kill(static_cast<pid_t>(pid), 0) == 0 || errno != ESRCH;
}

std::vector<OpenRun> open_runs(Connection& connection) {
    const auto row = connection.query(
        fmt::format("SELECT id, host, pid, started, CASE WHEN {} THEN 1 ELSE 0 END FROM run"
                    " WHERE finished IS NULL ORDER BY id",
                    kHasLease),
        {});
    std::vector<OpenRun> runs;
    while (row->next()) {
        runs.push_back({.id = row->integer(0),
                        .host = std::string(row->text(1)),
                        .pid = row->integer(2),
                        .started = std::string(row->text(3)),
                        .has_lease = row->integer(4) != 0});
    }
    return runs;
}

}  // namespace

bool is_lost(const OpenRun& run, const RunWitness& witness) {
    if (run.has_lease) {
        return false;
    }
    if (run.host == witness.host) {
        return !witness.is_alive(run.pid);
    }
    return run.started < format_time(witness.now - kLongestSilence);
}

std::size_t close_lost_runs(Connection& connection, const std::string& host, Timestamp now) {
    const RunWitness witness{.host = host, .is_alive = is_alive, .now = now};
    const std::string time = format_time(now);
    std::size_t closed = 0;
    for (const OpenRun& run : open_runs(connection)) {
        if (is_lost(run, witness)) {
            const std::array<Parameter, 3> parameters{
                time, static_cast<std::int64_t>(ExitCode::temp_fail), run.id};
            connection.execute(
                "UPDATE run SET finished = $1, exit_status = $2"
                " WHERE id = $3 AND finished IS NULL",
                parameters);
            ++closed;
        }
    }
    return closed;
}

void close_overtaken_run(Connection& connection, const std::string& holder, Timestamp now) {
    const std::string time = format_time(now);
    const std::array<Parameter, 3> parameters{
        time, static_cast<std::int64_t>(ExitCode::temp_fail), holder};
    connection.execute(
        fmt::format("UPDATE run SET finished = $1, exit_status = $2 WHERE finished IS NULL"
                    " AND $3 LIKE '%, run ' || run_id AND NOT {}",
                    kHasLease),
        parameters);
}

}  // namespace isinfetch
