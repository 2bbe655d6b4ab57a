#include "job/guard.hpp"

#include "util/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace isinfetch {

namespace {

// A coincidence rarer than this is taken for a cut file.
constexpr double kCoincidence = 0.001;

double share(std::uint64_t part, std::uint64_t whole) noexcept {
    return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

std::optional<std::string> judge_file(const Guards& guards,
                                      const Counts& counts,
                                      const ParseSummary& summary,
                                      const SourceState& previous) {
    const std::uint64_t valid = counts.accepted + counts.unselected;
    const std::uint64_t with_cell = valid + counts.rejected;
    if (valid == 0 && !guards.allow_empty) {
        return fmt::format("not one valid record in {}", counted(counts.seen, "row"));
    }
    if (valid < guards.min_records && !(guards.allow_empty && with_cell == 0)) {
        return fmt::format(
            "{}, but min_records is {}", counted(valid, "record"), guards.min_records);
    }
    if (share(counts.rejected, with_cell) > guards.max_rejected) {
        return fmt::format("{} of {} records rejected ({:.1f}%), but max_rejected is {:g}%",
                           counts.rejected,
                           with_cell,
                           100 * share(counts.rejected, with_cell),
                           100 * guards.max_rejected);
    }
    const bool never_had_one = previous.head != 0 && !previous.line_end;
    if (guards.detect_cut && !summary.incomplete.empty() && !never_had_one) {
        return summary.incomplete + ": the file looks cut";
    }
    const bool lost_line_end = !summary.line_end && previous.line_end && previous.head != 0;
    if (guards.detect_cut && lost_line_end) {
        return "the last line has no line end, as it had in the list before: the file looks cut";
    }
    return std::nullopt;
}

std::optional<std::string> judge_merge(const Guards& guards,
                                       const MergeCounts& counts,
                                       const ParseSummary& summary,
                                       const SourceState& previous) {
    if (guards.allow_empty && counts.listings == 0) {
        return std::nullopt;
    }
    const auto before = static_cast<std::uint64_t>(previous.records);
    const std::uint64_t lost = before > counts.listings ? before - counts.listings : 0;
    if (share(lost, before) > guards.max_shrink) {
        return fmt::format(
            "the list shrank from {} to {} listings ({:.1f}%), but max_shrink is {:g}%",
            before,
            counts.listings,
            100 * share(lost, before),
            100 * guards.max_shrink);
    }
    const bool may_be_cut = lost > 0 && !summary.has_end;
    if (guards.detect_cut && may_be_cut && looks_cut(previous.tail, counts, previous.records)) {
        return fmt::format(
            "the last listings of the list before, up to '{}', are gone and hardly any other: the "
            "file looks cut",
            previous.tail.back());
    }
    return std::nullopt;
}

bool can_be_waived(const Counts& counts) noexcept {
    return counts.accepted > 0;
}

bool can_be_waived(const MergeCounts& counts) noexcept {
    return counts.listings > 0;
}

bool looks_cut(const std::vector<std::string>& tail,
               const MergeCounts& counts,
               std::int64_t previous_records) {
    const auto gone = [&](const std::string& key) { return counts.removed_tail.contains(key); };
    const auto kept = std::find_if_not(tail.rbegin(), tail.rend(), gone);
    const auto run = static_cast<std::uint64_t>(kept - tail.rbegin());
    const auto before = static_cast<std::uint64_t>(previous_records);
    if (run == 0 || before <= run) {
        return false;
    }
    const double rate = share(counts.removed - std::min(run, counts.removed) + 1, before - run + 2);
    return std::pow(rate, static_cast<double>(run)) < kCoincidence;
}

}  // namespace isinfetch
