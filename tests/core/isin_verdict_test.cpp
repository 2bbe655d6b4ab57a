#include "core/isin_verdict.hpp"

#include "support/catch.hpp"

#include <string>

using namespace isinfetch;

namespace {

/// The names of all warnings about an ISIN, joined.
std::string warnings_about(std::string_view isin) {
    std::string names;
    const IsinWarnings warnings = isin_warnings(isin);
    for (const IsinWarningInfo& info : isin_warning_table()) {
        if (warnings.has(info.warning)) {
            names += names.empty() ? "" : ", ";
            names += info.name;
        }
    }
    CHECK(warnings.empty() == names.empty());
    return names;
}

}  // namespace

TEST_CASE("strict eyes want a prefix that somebody assigns or uses", "[isin]") {
    struct Case {
        const char* text;
        Defect expected;
        const char* warnings;
    };
    // clang-format off
    const auto row = GENERATE(values<Case>({
        {"US0378331005", Defect::none,           ""},
        {"EZR9HY1361L7", Defect::none,           ""},
        {"XTV15WLZJMF0", Defect::none,           ""},
        {"AN8068571086", Defect::none,           "withdrawn prefix"},  // Schlumberger
        {"QS0018235786", Defect::none,           "unofficial prefix"},  // Euroclear France
        {"XF0000C14922", Defect::none,           "unofficial prefix"},
        {"NOISINFOUND9", Defect::none,           "placeholder"},
        {"NO0010883416", Defect::none,           ""},
        {"SSDF00002497", Defect::none,           "placeholder"},
        {"BBG000BPH459", Defect::none,           "FIGI-shaped"},  // Microsoft's FIGI
        {"QQ0097589790", Defect::unknown_prefix, "unknown prefix, placeholder"},
        {"QZXKR05S3DL1", Defect::unknown_prefix, "unknown prefix, UPI-shaped"},
        {"AB0000000005", Defect::unknown_prefix, "unknown prefix"},
    }));
    // clang-format on
    CAPTURE(row.text);
    CHECK(judge_isin(row.text) == Inspection{row.expected});
    CHECK(warnings_about(row.text) == row.warnings);
}

TEST_CASE("a wrong check digit comes before an unknown prefix", "[isin]") {
    CHECK(judge_isin("AB0000000006").defect == Defect::check_digit);
}

TEST_CASE("the table of warnings is in the order of their enumeration", "[isin]") {
    std::size_t place = 0;
    for (const IsinWarningInfo& info : isin_warning_table()) {
        CHECK(static_cast<std::size_t>(info.warning) == place++);
    }
}
