// Any bytes as an old workbook, or as the stream of one: nothing comes of it but records or an
// Error. For libFuzzer.
#include "parse/parsed.hpp"
#include "support/biff_bytes.hpp"
#include "support/memory_file.hpp"
#include "util/error.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

using namespace isinfetch;
using namespace isinfetch::test;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 1) {
        return 0;
    }
    // The first byte: the whole file, the stream of a workbook, or the records of its only sheet.
    const std::string bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    const std::string header =
        label_rows({{"ISIN", "NAME"}}) + label(1, 0, "US0378331005") + label(1, 1, "APPLE");
    const MemoryFile file(data[0] % 3 == 0   ? bytes
                          : data[0] % 3 == 1 ? office_file("Workbook", bytes)
                                             : xls_file({{"List", header + bytes}}));
    ParseOptions options = isin_columns();
    options.max_record = 65'536;
    options.sheets.max_text = 65'536;
    try {
        parse_file("xls", file.path(), options, {.max_bytes = 1'000'000});
    } catch (const Error&) {
        return 0;
    }
    return 0;
}
