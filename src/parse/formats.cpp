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
ParseSummary parse_xls(const WholeFile& file, const ParseOptions& options, const RecordSink& sink);
ParseSummary parse_xlsx(const WholeFile& file, const ParseOptions& options, const RecordSink& sink);
ParseSummary parse_xml(ByteSource& input, const ParseOptions& options, const RecordSink& sink);

namespace {

using enum ColumnNames;

constexpr std::array kFormats{
    Format{.name = "csv",
           .summary = "delimited text with a line that names the columns",
           .columns = words,
           .parse = parse_csv},
    Format{.name = "firds",
           .summary = "reference data of ESMA and the FCA: FULINS, DLTINS, FULCAN (XML)",
           .parse = parse_firds},
    Format{.name = "fixed",
           .summary = "text whose columns are at fixed places of a line",
           .columns = bytes,
           .parse = parse_fixed},
    Format{.name = "html-table",
           .summary = "the tables of a web page that have a row with the names of columns",
           .columns = words,
           .parse = parse_html_table},
    Format{.name = "json",
           .summary = "JSON with an array of rows, objects or arrays",
           .columns = words,
           .parse = parse_json},
    Format{.name = "lines",
           .summary = "one ISIN per line; lines that begin with # are comments",
           .parse = parse_lines},
    Format{.name = "xls",
           .summary = "workbook of Excel 5 to 2003",
           .columns = words,
           .parse_whole = parse_xls},
    Format{.name = "xlsx",
           .summary = "workbook of Office Open XML, as Excel has written it since 2007",
           .columns = words,
           .parse_whole = parse_xlsx},
    Format{.name = "xml",
           .summary = "XML with an element for each row",
           .columns = words,
           .parse = parse_xml},
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
