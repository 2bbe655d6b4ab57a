// Any bytes as an XML document of rows. The first byte says in what pieces it comes, the second how
// it is configured. For libFuzzer.
#include "format_fuzz.hpp"

#include <array>
#include <cstdint>

using namespace isinfetch;
using namespace isinfetch::test;

namespace {

std::array<ParseOptions, 3> make_options() {
    std::array<ParseOptions, 3> all;
    for (ParseOptions& options : all) {
        options = isin_columns();
        options.max_record = 1000;
    }
    all[1].xml.rows = "row";
    all[2].columns = {{"isin", {"a/b"}}, {"name", {"NAME"}}, {"c", {"a/b/c"}}};
    all[2].header_within = 3;
    return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const std::array<ParseOptions, 3> all = make_options();
    check_format("xml", {reinterpret_cast<const char*>(data), size}, all);
    return 0;
}
