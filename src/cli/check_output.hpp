// The verdict on one text that should be an identifier, as text, TSV and JSON.
#pragma once

#include "cli/bulk.hpp"
#include "core/defect.hpp"
#include "core/identifiers.hpp"
#include "core/isin_verdict.hpp"
#include "core/national_lint.hpp"
#include "core/suggest.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace isinfetch::cli {

struct CheckResult {
    const BulkText& given;
    std::string_view form{};  ///< what was judged: the text, or its lenient form
    Inspection inspection{};
    IsinWarnings warnings{};             ///< of a right ISIN
    std::optional<NationalNote> note{};  ///< of a right ISIN, when asked for
    std::vector<Suggestion> suggestions{};
};

/// One way to print results, one line each.
struct CheckFormat {
    std::string_view name;
    void (*line)(std::string& out, const CheckResult& result, const Identifier& identifier);
};

std::span<const CheckFormat> check_formats() noexcept;

}  // namespace isinfetch::cli
