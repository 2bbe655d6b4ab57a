#include "store/gap.hpp"

#include <array>

namespace isinfetch {

std::vector<std::string> open_gaps(Connection& connection, std::int64_t source) {
    const std::array<Parameter, 1> parameters{source};
    const auto row = connection.query(
        "SELECT day FROM gap WHERE source_id = $1 AND filled_run IS NULL ORDER BY day", parameters);
    std::vector<std::string> days;
    while (row->next()) {
        days.emplace_back(row->text(0));
    }
    return days;
}

void record_gap(Connection& connection,
                std::int64_t source,
                std::int64_t run_source,
                const std::string& day) {
    const std::array<Parameter, 3> parameters{source, day, run_source};
    connection.execute(
        "INSERT INTO gap (source_id, day, noticed_run) VALUES ($1, $2, $3)"
        " ON CONFLICT (source_id, day) DO NOTHING",
        parameters);
}

void fill_gap(Connection& connection,
              std::int64_t source,
              std::int64_t run_source,
              const std::string& day) {
    const std::array<Parameter, 3> parameters{source, day, run_source};
    connection.execute(
        "UPDATE gap SET filled_run = $3 WHERE source_id = $1 AND day = $2 AND filled_run IS NULL",
        parameters);
}

}  // namespace isinfetch
