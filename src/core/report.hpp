// What a run did, per source: the run report. Plain data.
#pragma once

#include "core/freshness.hpp"
#include "core/record.hpp"
#include "core/validate.hpp"
#include "util/error.hpp"
#include "util/time.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace isinfetch {

enum class SourceStatus {
    updated,    ///< a new list was committed
    unchanged,  ///< asked; the publisher has nothing new
    current,    ///< not due yet, not asked
    cooldown,   ///< the publisher asked to be left alone for a while, not asked
    refused,    ///< a guard refused the file; the old list is still served
    failed,     ///< see error; the old list is still served
};

std::string_view name(SourceStatus status) noexcept;

struct Counts {
    std::uint64_t seen = 0;        ///< rows that are not blank, header and what precedes it apart
    std::uint64_t accepted = 0;    ///< rows with a valid ISIN
    std::uint64_t rejected = 0;    ///< rows whose ISIN is wrong
    std::uint64_t unselected = 0;  ///< rows with a valid ISIN that `select` leaves out
    std::uint64_t no_isin = 0;     ///< rows that say that they have none
    std::uint64_t footnotes = 0;   ///< footnotes and other rows that end before the ISIN column
    std::uint64_t duplicates = 0;  ///< accepted rows that repeat the key of another
    std::uint64_t isins = 0;       ///< distinct valid ISINs
    std::uint64_t listings = 0;    ///< distinct keys: the size of the list
    std::uint64_t added = 0;
    std::uint64_t changed = 0;     ///< cosmetic changes not included
    std::uint64_t cosmetic = 0;    ///< changes of case or blanks only
    std::uint64_t removed = 0;     ///< no longer listed, for whatever reason
    std::uint64_t terminated = 0;  ///< of those and of unknown ones: said to have ended
    std::uint64_t cancelled = 0;   ///< said that they should never have been published
    std::uint64_t reconciled = 0;  ///< versions that only a full list told of
    std::uint64_t missing = 0;     ///< removed because only a full list told of it
};

/// One name of the report, the JSON and the table run_source for each count.
struct CountInfo {
    std::string_view name;
    std::uint64_t Counts::*member;
};
std::vector<CountInfo> count_table();

/// One day and role of a source that publishes events, which is a version of its list.
struct PublicationReport {
    std::string date{};  ///< YYYY-MM-DD
    std::string role{};  ///< "snapshot", "delta", "cancellations"
    std::uint64_t files = 0;
    std::uint64_t bytes = 0;
    Counts counts{};
};

struct SourceReport {
    std::string source{};
    SourceStatus status = SourceStatus::failed;
    Counts counts{};
    std::uint64_t bytes = 0;  ///< of the file, 0 when none was had
    std::string sha256{};
    std::string url{};        ///< of the file, after discovery
    bool fallback = false;    ///< was it the address of the last time, because discovery failed?
    std::string published{};  ///< RFC 3339
    std::string encoding{};   ///< found by the parser
    int http_status = 0;      ///< of the last attempt, 0 without an answer
    int attempts = 0;         ///< requests made
    std::map<std::string, std::chrono::milliseconds> durations{};  ///< per stage
    Remarks remarks{};
    std::vector<Rejection> rejections{};            ///< the first few; counts.rejected is exact
    std::vector<PublicationReport> publications{};  ///< that were committed, in their order
    std::vector<std::string> gaps{};                ///< days on which nothing was published
    std::vector<std::string> waiting{};             ///< what is not complete yet, for people
    std::vector<std::string> notices{};  ///< sentences that somebody should hear of all the same
    Waiting held_up{};                   ///< of that, what keeps the list from being current
    FreshnessVerdict freshness{.state = Freshness::never};  ///< of the list after the run
    std::string freshness_text{};  ///< its troubles in words; empty when it has none
    std::string kept{};            ///< of a run that was ended: what the next one goes on with
    std::optional<Error> error{};  ///< also for refused and cooldown: why
    std::optional<Timestamp> cooldown_until{};
    std::string served{};  ///< after a failure: what is still there, "2365 listings of 2026-05-17"
};

struct RunReport {
    std::string run_id{};
    std::string host{};  ///< on which it runs, as others know it
    Timestamp started{};
    Timestamp finished{};
    bool dry_run = false;
    std::vector<SourceReport> sources{};
    std::optional<Error> error{};  ///< of the run as a whole: the store cannot be opened or written
};

/// What one source contributes to the exit status: its error; 75 when its list is held up by a
/// publication that is not complete; or 0.
ExitCode exit_code(const SourceReport& report) noexcept;

/// The worst of all sources and of the run itself.
ExitCode exit_code(const RunReport& report) noexcept;

}  // namespace isinfetch
