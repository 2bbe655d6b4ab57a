// Any bytes as a CSV file. The first byte says in what pieces it comes, the second how
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
    all[1].columns = {{"isin", {"ISIN", "#2"}}, {"name", {"NAME"}}, {"c", {"#1"}}};
    all[2].delimiter = ';';
    all[2].encoding = Encoding::windows_1251;
    all[3].header_within = 2;
    all[3].encoding = Encoding::euc_kr;
    return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const std::array<ParseOptions, 4> all = make_options();
    check_format("csv", {reinterpret_cast<const char*>(data), size}, all);
    return 0;
}
