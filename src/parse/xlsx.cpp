#include "parse/format.hpp"
#include "parse/sheet_reader.hpp"
#include "parse/whole_file.hpp"
#include "parse/xlsx_package.hpp"
#include "parse/xlsx_sheet.hpp"
#include "parse/xlsx_strings.hpp"
#include "parse/xlsx_workbook.hpp"
#include "util/error.hpp"
#include "util/text.hpp"

namespace isinfetch {

namespace {

std::vector<NumberStyle> read_styles(XlsxPackage& package, const XlsxWorkbook& workbook) {
    return package.has(workbook.styles) ? read_xlsx_styles(package, workbook.styles)
                                        : std::vector<NumberStyle>{};
}

}  // namespace

ParseSummary parse_xlsx(const WholeFile& file,
                        const ParseOptions& options,
                        const RecordSink& sink) {
    XlsxPackage package(file, options.max_record);
    const XlsxWorkbook workbook = read_xlsx_workbook(package);
    const std::vector<NumberStyle> styles = read_styles(package, workbook);
    SharedTexts strings({.bytes = options.sheets.max_text, .text = options.max_record});
    if (package.has(workbook.strings)) {
        read_xlsx_strings(package, workbook.strings, strings);
    }
    const XlsxContext context{.strings = strings,
                              .styles = styles,
                              .dates = workbook.dates,
                              .max_record = options.max_record};
    SheetReader reader(options, sink);
    for (const XlsxSheet& sheet : workbook.sheets) {
        if (!reader.begin(sheet.name, sheet.sight)) {
            continue;
        }
        XlsxSheetHandler handler(sheet.name, context, reader);
        package.read(sheet.part, handler);
        if (!handler.saw_cells()) {
            fail(ErrorKind::data,
                 "sheet '{}': no worksheet: '{}' has no rows",
                 printable(sheet.name),
                 printable(sheet.part));
        }
        reader.end();
    }
    return reader.finish();
}

}  // namespace isinfetch
