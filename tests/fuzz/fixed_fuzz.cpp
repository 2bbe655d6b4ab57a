// Any bytes as lines of fixed columns. The first byte says in what pieces it comes, the second how
// it is configured. For libFuzzer.
#include "format_fuzz.hpp"

#include <array>
#include <cstdint>

using namespace isinfetch;
using namespace isinfetch::test;

namespace {

std::array<ParseOptions, 4> make_options() {
    std::array<ParseOptions, 4> all;
    for (ParseOptions& options : all) {
        options = isin_columns();
        options.max_record = 1000;
    }
    for (ParseOptions& options : all) {
        options.columns = {{"name", {"3-6"}}, {"isin", {"7-18"}}, {"c", {"18"}}};
    }
    all[1].fixed = {.length = 18, .records = {"01"}, .trailer = "99", .total = {3, 6}};
    all[2].fixed = {.records = {"0", "1"}};
    all[2].encoding = Encoding::iso_8859_1;
    all[3].fixed = {.trailer = "9"};
    all[3].encoding = Encoding::shift_jis;
    return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const std::array<ParseOptions, 4> all = make_options();
    check_format("fixed", {reinterpret_cast<const char*>(data), size}, all);
    return 0;
}
