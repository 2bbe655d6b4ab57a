// What is known of a source from one run to the next, and the record of runs.
#pragma once

#include "core/freshness.hpp"
#include "core/report.hpp"
#include "store/connection.hpp"
#include "store/history.hpp"
#include "util/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace isinfetch {

/// One row of table `source`. Empty texts and absent times: never happened.
struct SourceState {
    std::int64_t id = 0;  ///< 0: not in the store yet
    std::string source{};
    std::optional<Timestamp> last_attempt{};
    std::optional<Timestamp> last_success{};  ///< updated or unchanged
    std::optional<Timestamp> last_change{};   ///< updated
    std::optional<Timestamp> cooldown_until{};
    std::int64_t failures = 0;  ///< runs in a row
    std::string last_error{};
    std::string last_status{};                 ///< name of the SourceStatus of the last attempt
    std::optional<Timestamp> failing_since{};  ///< the first of the failures
    std::optional<Timestamp>
        newest_publication{};  ///< as the publisher says; also of what is known already
    Waiting waiting{};         ///< what the last attempt found incomplete
    std::optional<Timestamp> older_since{};  ///< an older list than this one has been offered
    std::int64_t older_runs = 0;             ///< in so many runs, the last ones
    std::int64_t records = 0;                ///< current listings
    std::int64_t head = 0;  ///< key of the run_source row that published the current list
    // Not written by save_state(); see lease.hpp:
    std::int64_t fence = 0;    ///< token of the newest lease
    std::string holder{};      ///< of the lease; empty: nobody
    std::string held_since{};  ///< RFC 3339
    std::string held_until{};  ///< RFC 3339
    std::string host{};        ///< that published the current list
    // About the file that the current list came from:
    std::string url{};
    std::string sha256{};
    std::string etag{};
    std::string last_modified{};
    std::string published{};  ///< RFC 3339
    std::string cursor{};     ///< of a source that publishes events: what was applied last
    std::string encoding{};
    std::string mapping{};            ///< digest of the settings that it was parsed with
    bool line_end = true;             ///< did its last line have its line end?
    std::vector<std::string> tail{};  ///< keys of its last records, in file order (see guards)
};

/// The state of `source`; all empty when the store has never heard of it.
SourceState load_state(Connection& connection, const std::string& source);

/// All sources that the store knows, by name.
std::vector<SourceState> load_states(Connection& connection);

/// Gives the key of the source's row, which is made if there is none yet.
std::int64_t ensure_source(Connection& connection, const std::string& source);

/// Was this version of a list, which `run` made, committed?
bool is_published(Connection& connection, std::int64_t run_source, std::int64_t run);

/// The status that a step of a run recorded for a source; none when it recorded nothing.
std::optional<std::string> recorded_status(Connection& connection,
                                           std::int64_t run,
                                           std::int64_t source,
                                           std::int64_t step);

/// Inserts or updates; sets state.id.
void save_state(Connection& connection, SourceState& state);

/// Opens the record of a run: table `run`. Gives its key; the same one when it is called again.
std::int64_t begin_run(Connection& connection, const RunReport& report);
void end_run(Connection& connection, std::int64_t run, const RunReport& report, ExitCode status);

/// One row of `run_source` and its rejections. Gives its key: the version of the list when it was
/// updated. To be called inside a transaction. A run that makes several versions of a list numbers
/// them by `step`, from 1.
std::int64_t record_source(Connection& connection,
                           std::int64_t run,
                           std::int64_t source,
                           const SourceReport& report,
                           std::int64_t step = 1);

/// Brings a row and its rejections up to date once the merge has made the counts.
void update_counts(Connection& connection, std::int64_t run_source, const SourceReport& report);

/// One row of table `file`: a file that was applied or refused.
struct FileRecord {
    std::string name{};
    std::string url{};
    std::string sha256{};
    std::string checksum{};  ///< announced
    std::string published{};
    std::string role{"snapshot"};
    std::string etag{};
    std::string last_modified{};
    std::uint64_t bytes = 0;
    bool applied = true;
};
void record_file(Connection& connection,
                 std::int64_t source,
                 std::int64_t run_source,
                 const FileRecord& file);

/// The applied full lists of a source around a time of publication (RFC 3339).
FullLists full_lists_around(Connection& connection,
                            std::int64_t source,
                            const std::string& published);

/// The files of the newest publication of a source, applied or refused, in their order; none when
/// there was never one.
std::vector<FileRecord> newest_files(Connection& connection, std::int64_t source);

/// Was a file with that digest applied, and not taken back?
bool is_applied(Connection& connection, std::int64_t source, const std::string& sha256);

/// The newest file of that name for which the publisher announced that digest, applied or refused.
std::optional<FileRecord> find_file(Connection& connection,
                                    std::int64_t source,
                                    const std::string& name,
                                    const std::string& checksum);

}  // namespace isinfetch
