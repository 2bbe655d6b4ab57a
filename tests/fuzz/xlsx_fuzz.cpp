// Any bytes as a workbook of Office Open XML, or as one part of one: nothing comes of it but
// records or an Error. For libFuzzer.
#include "parse/parsed.hpp"
#include "support/memory_file.hpp"
#include "support/workbook_parts.hpp"
#include "util/error.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

using namespace isinfetch;
using namespace isinfetch::test;

namespace {

/// The parts that the input may stand for; "": the whole file.
constexpr std::array<std::string_view, 7> kParts{"",
                                                 "xl/worksheets/sheet1.xml",
                                                 "xl/sharedStrings.xml",
                                                 "xl/styles.xml",
                                                 "xl/workbook.xml",
                                                 "xl/_rels/workbook.xml.rels",
                                                 "_rels/.rels"};

std::string workbook_with(std::string_view name, std::string_view bytes) {
    const std::string rows = text_row({"ISIN", "NAME"}) + text_row({"US0378331005", "APPLE"}) +
                             "<row><c t=\"s\"><v>0</v></c><c s=\"1\"><v>43333.5</v></c></row>";
    ZipParts parts = workbook_parts({{"List", rows}},
                                    shared_texts("<si><t>US0378331005</t></si>"),
                                    number_styles({"14", "dd/mm/yyyy"}));
    part(parts, name) = bytes;
    return zip_bytes(parts, {.method = 0});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 1) {
        return 0;
    }
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    const std::string_view name = kParts[data[0] % kParts.size()];
    const MemoryFile file(name.empty() ? bytes : workbook_with(name, bytes));
    ParseOptions options = isin_columns();
    options.max_record = 65'536;
    options.sheets.max_text = 65'536;
    try {
        parse_file("xlsx", file.path(), options, {.max_bytes = 1'000'000});
    } catch (const Error&) {
        return 0;
    }
    return 0;
}
