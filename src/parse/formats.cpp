#include "parse/format.hpp"

#include <array>

namespace isinfetch {

// One per file of this folder.
ParseSummary parse_csv(ByteSource& input, const ParseOptions& options, const RecordSink& sink);
ParseSummary parse_firds(ByteSource& input, const ParseOptions& options, const RecordSink& sink);
ParseSummary parse_lines(ByteSource& input, const ParseOptions& options, const RecordSink& sink);

namespace {

constexpr std::array kFormats{
    Format{"csv", "delimited text with a line that names the columns", parse_csv},
    Format{
        "firds", "reference data of ESMA and the FCA: FULINS, DLTINS, FULCAN (XML)", parse_firds},
    Format{"lines", "one ISIN per line; lines that begin with # are comments", parse_lines},
};

}  // namespace

std::span<const Format> formats() noexcept {
    return kFormats;
}

const Format* find_format(std::string_view name) noexcept {
    for (const Format& format : kFormats) {
        if (format.name == name) {
            return &format;
        }
    }
    return nullptr;
}

}  // namespace isinfetch
