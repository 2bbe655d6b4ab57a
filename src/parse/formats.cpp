#include "parse/format.hpp"

#include <array>

namespace isinfetch {

// One per file of this folder.
ParseSummary parse_csv(ByteSource& input, const ParseOptions& options, const RecordSink& sink);
ParseSummary parse_firds(ByteSource& input, const ParseOptions& options, const RecordSink& sink);
ParseSummary parse_fixed(ByteSource& input, const ParseOptions& options, const RecordSink& sink);
ParseSummary parse_html_table(ByteSource& input,
                              const ParseOptions& options,
                              const RecordSink& sink);
ParseSummary parse_json(ByteSource& input, const ParseOptions& options, const RecordSink& sink);
ParseSummary parse_lines(ByteSource& input, const ParseOptions& options, const RecordSink& sink);

namespace {

using enum ColumnNames;

// clang-format off
constexpr std::array kFormats{
    Format{"csv", "delimited text with a line that names the columns", words, parse_csv},
    Format{"firds", "reference data of ESMA and the FCA: FULINS, DLTINS, FULCAN (XML)", none, parse_firds},
    Format{"fixed", "text whose columns are at fixed places of a line", bytes, parse_fixed},
    Format{"html-table", "the tables of a web page that have a row with the names of columns", words, parse_html_table},
    Format{"json", "JSON with an array of rows, objects or arrays", words, parse_json},
    Format{"lines", "one ISIN per line; lines that begin with # are comments", none, parse_lines},
};
// clang-format on

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
