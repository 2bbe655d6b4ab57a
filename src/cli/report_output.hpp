// The run report for people, for programs and for the log.
#pragma once

#include "core/report.hpp"
#include "util/json.hpp"

#include <iosfwd>
#include <string>

namespace isinfetch::cli {

/// The number of the report's JSON schema; raised when a name or a meaning changes.
inline constexpr int kReportSchema = 1;

/// One document, complete also when everything failed.
void write_report_json(std::ostream& out, const RunReport& report, ExitCode status);

/// Member "waiting_for": an object, or null when nothing is waited for.
void write_waiting(JsonWriter& json, const Waiting& waiting);

/// Members "freshness", "promise_broken", "troubles" and "explanation": the same in the run report
/// and in status.
void write_freshness(JsonWriter& json,
                     const FreshnessVerdict& verdict,
                     const std::string& explanation);

/// A table of all sources, then what went wrong.
void write_report_text(std::ostream& out, const RunReport& report);

/// One line: "nse-equity: updated: 2365 listings, +180 ~12 -1, 163.1KiB in 0.4s".
std::string summary_line(const SourceReport& report);

/// The compact block about one failure: source, stage, cause, what is still served, what to do.
std::string failure_block(const SourceReport& report);

}  // namespace isinfetch::cli
