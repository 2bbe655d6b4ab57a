#include "core/report.hpp"

namespace isinfetch {

std::string_view name(SourceStatus status) noexcept {
    switch (status) {
        case SourceStatus::updated:
            return "updated";
        case SourceStatus::unchanged:
            return "unchanged";
        case SourceStatus::current:
            return "current";
        case SourceStatus::cooldown:
            return "cooldown";
        case SourceStatus::refused:
            return "refused";
        case SourceStatus::failed:
            return "failed";
    }
    return "failed";
}

std::vector<CountInfo> count_table() {
    return {
        {"seen", &Counts::seen},
        {"accepted", &Counts::accepted},
        {"rejected", &Counts::rejected},
        {"unselected", &Counts::unselected},
        {"no_isin", &Counts::no_isin},
        {"footnotes", &Counts::footnotes},
        {"duplicates", &Counts::duplicates},
        {"isins", &Counts::isins},
        {"listings", &Counts::listings},
        {"added", &Counts::added},
        {"changed", &Counts::changed},
        {"cosmetic", &Counts::cosmetic},
        {"removed", &Counts::removed},
        {"terminated", &Counts::terminated},
        {"cancelled", &Counts::cancelled},
        {"reconciled", &Counts::reconciled},
        {"missing", &Counts::missing},
    };
}

ExitCode exit_code(const SourceReport& report) noexcept {
    if (report.error) {
        return exit_code(report.error->kind());
    }
    const bool is_held =
        !report.held_up.publication.empty() && report.freshness.has(Freshness::held);
    return is_held ? ExitCode::temp_fail : ExitCode::ok;
}

ExitCode exit_code(const RunReport& report) noexcept {
    ExitCode code = report.error ? exit_code(report.error->kind()) : ExitCode::ok;
    for (const SourceReport& source : report.sources) {
        code = worse(code, exit_code(source));
    }
    return code;
}

}  // namespace isinfetch
