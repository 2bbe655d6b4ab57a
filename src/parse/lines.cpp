#include "parse/format.hpp"
#include "parse/text_input.hpp"
#include "util/text.hpp"

namespace isinfetch {

ParseSummary parse_lines(ByteSource& input, const ParseOptions& options, const RecordSink& sink) {
    TextInput text(input, options, "a list of lines");
    ParseSummary summary;
    RawRecord record;
    Row row;
    while (text.rows().next(row)) {
        summary.line_end = row.has_line_end;
        text.forget();
        record.text = text.decode(row);
        const std::string_view line = trim(record.text);
        if (line.empty() || line.front() == '#') {
            continue;
        }
        ++summary.rows;
        record.position = row.position;
        record.fields[index(Field::isin)] = without_apostrophe(line);
        sink(record);
    }
    summary.encoding = text.encoding();
    summary.warnings = text.warnings();
    return summary;
}

}  // namespace isinfetch
