#include "cli/selection.hpp"

#include "util/log.hpp"
#include "util/text.hpp"

#include <algorithm>

namespace isinfetch::cli {

void add_selection_options(CLI::App& command, Selection& selection) {
    command.add_option("--country", selection.country, "Only ISINs with this prefix")
        ->type_name("CC");
    command.add_option("--mic", selection.mic, "Only of this venue")->type_name("MIC");
    command.add_option("--cfi", selection.cfi, "Only of this class, or beginning of one: ES")
        ->type_name("CFI");
    command.add_option("--lei", selection.lei, "Only of this issuer")->type_name("LEI");
    command
        .add_option("--as-of", selection.as_of, "As it was published on that day or at that time")
        ->type_name("DATE");
}

void add_spreadsheet_safe(CLI::App& command, bool& is_wanted) {
    command.add_flag("--spreadsheet-safe",
                     is_wanted,
                     "In CSV, write ' before what a spreadsheet would take for a formula");
}

CsvCells csv_cells(bool is_wanted, std::string_view format) {
    if (is_wanted && format != "csv") {
        fail(ErrorKind::usage, "--spreadsheet-safe is for csv, not for {}", format);
    }
    return is_wanted ? CsvCells::spreadsheet_safe : CsvCells::as_published;
}

ListingFilter make_filter(const Selection& selection) {
    ListingFilter filter{.sources = selection.sources,
                         .country = upper(selection.country),
                         .mic = upper(selection.mic),
                         .cfi = upper(selection.cfi),
                         .lei = upper(selection.lei)};
    if (!selection.as_of.empty()) {
        filter.as_of = parse_moment(selection.as_of);
    }
    return filter;
}

void warn_of_pruned(Connection& store,
                    const std::vector<std::string>& sources,
                    std::optional<Timestamp> moment) {
    if (!moment) {
        return;
    }
    const std::string time = format_time(*moment);
    for (const PrunedSource& pruned : pruned_sources(store)) {
        const bool is_wanted =
            sources.empty() || std::ranges::find(sources, pruned.source) != sources.end();
        if (is_wanted && time < pruned.kept_since) {
            log(LogLevel::warning,
                "{}: versions that ended before {} were pruned: some of {} are missing",
                pruned.source,
                pruned.kept_since,
                time);
        }
    }
}

}  // namespace isinfetch::cli
