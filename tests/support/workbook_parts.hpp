// Workbooks of Office Open XML, made by the tests themselves.
#pragma once

#include "support/zip_bytes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace isinfetch::test {

/// Name, and the rows: what is in <sheetData>.
using Sheets = std::vector<std::pair<std::string, std::string>>;

inline std::string worksheet(std::string_view rows) {
    return fmt::format(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
        "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">"
        "<sheetData>{}</sheetData></worksheet>",
        rows);
}

inline std::string shared_texts(std::string_view items) {
    return fmt::format("<sst>{}</sst>", items);
}

/// Styles: one for each number format, which is a code, or the number of a built-in one in two
/// digits.
inline std::string number_styles(const std::vector<std::string>& formats) {
    std::string own;
    std::string cells;
    for (std::size_t i = 0; i < formats.size(); ++i) {
        const bool is_number = formats[i].size() == 2;
        const std::string id = is_number ? formats[i] : std::to_string(164 + i);
        if (!is_number) {
            own += fmt::format("<numFmt numFmtId=\"{}\" formatCode=\"{}\"/>", id, formats[i]);
        }
        cells += fmt::format("<xf numFmtId=\"{}\"/>", id);
    }
    return fmt::format(
        "<styleSheet><numFmts>{}</numFmts><cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs>"
        "<cellXfs>{}</cellXfs></styleSheet>",
        own,
        cells);
}

/// A row without numbers: one cell of text after the other; "" is a cell without content.
inline std::string text_row(const std::vector<std::string>& cells) {
    std::string row = "<row>";
    for (const std::string& cell : cells) {
        row +=
            cell.empty() ? "<c/>" : fmt::format("<c t=\"inlineStr\"><is><t>{}</t></is></c>", cell);
    }
    return row + "</row>";
}

/// The parts of a workbook as Excel names them. Tests change what they are about.
inline ZipParts workbook_parts(const Sheets& sheets,
                               const std::string& strings = "",
                               const std::string& styles = "") {
    const std::string base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";
    std::string names;
    std::string relationships;
    ZipParts parts{{"[Content_Types].xml", "<Types/>"}};
    for (std::size_t i = 0; i < sheets.size(); ++i) {
        names += fmt::format(
            "<sheet name=\"{}\" sheetId=\"{}\" r:id=\"rId{}\"/>", sheets[i].first, i + 1, i + 1);
        relationships += fmt::format(
            "<Relationship Id=\"rId{0}\" Type=\"{1}worksheet\" "
            "Target=\"worksheets/sheet{0}.xml\"/>",
            i + 1,
            base);
        parts.emplace_back(fmt::format("xl/worksheets/sheet{}.xml", i + 1),
                           worksheet(sheets[i].second));
    }
    relationships += fmt::format(
        "<Relationship Id=\"s\" Type=\"{0}sharedStrings\" Target=\"sharedStrings.xml\"/>"
        "<Relationship Id=\"f\" Type=\"{0}styles\" Target=\"styles.xml\"/>",
        base);
    parts.emplace_back(
        "_rels/.rels",
        fmt::format("<Relationships><Relationship Id=\"w\" Type=\"{}officeDocument\" "
                    "Target=\"xl/workbook.xml\"/></Relationships>",
                    base));
    parts.emplace_back("xl/_rels/workbook.xml.rels",
                       "<Relationships>" + relationships + "</Relationships>");
    parts.emplace_back(
        "xl/workbook.xml",
        "<workbook xmlns:r=\"r\"><workbookPr/><sheets>" + names + "</sheets></workbook>");
    if (!strings.empty()) {
        parts.emplace_back("xl/sharedStrings.xml", strings);
    }
    if (!styles.empty()) {
        parts.emplace_back("xl/styles.xml", styles);
    }
    return parts;
}

/// The text of a part, to be changed. It must be there.
inline std::string& part(ZipParts& parts, std::string_view name) {
    return std::ranges::find(parts, name, &ZipParts::value_type::first)->second;
}

inline void replace(std::string& text, std::string_view from, std::string_view to) {
    for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
        text.replace(at, from.size(), to);
    }
}

}  // namespace isinfetch::test
