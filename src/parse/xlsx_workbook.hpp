// What a workbook consists of: its sheets, and what their cells refer to.
#pragma once

#include "parse/number_format.hpp"
#include "parse/sheet_reader.hpp"
#include "parse/xlsx_package.hpp"

#include <string>
#include <vector>

namespace isinfetch {

struct XlsxSheet {
    std::string name{};
    std::string part{};
    SheetReader::Sight sight = SheetReader::Sight::shown;
};

struct XlsxWorkbook {
    std::vector<XlsxSheet> sheets{};  ///< those with cells, in the order in which people see them
    std::string strings{};            ///< parts; empty when there is none
    std::string styles{};
    DateSystem dates = DateSystem::from_1900;
};

/// Throws Error{protocol} when the package is no workbook, or one of another kind (xlsb);
/// Error{data} when a sheet is missing. Source: ECMA-376-1, §12.3 and §18.2.
XlsxWorkbook read_xlsx_workbook(XlsxPackage& package);

/// How the cells show numbers, by their attribute s. Throws Error{data} for more than 100,000.
/// Source: ECMA-376-1, §18.8.
std::vector<NumberStyle> read_xlsx_styles(XlsxPackage& package, const std::string& part);

}  // namespace isinfetch
