// Any bytes as a JSON document. The first byte says in what pieces it comes, the second how it is
// configured. For libFuzzer.
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
    all[0].json.rows = JsonPath::parse("data.*").value();
    all[0].json.total = JsonPath::parse("total");
    all[1].json.max_depth = 5;
    all[2].json.rows = JsonPath::parse("rows").value();
    all[2].json.columns = JsonPath::parse("columns");
    all[3].columns = {{"isin", {"#2"}}, {"name", {"a.0.b", "NAME"}}, {"c", {"#1"}}};
    all[3].header_within = 3;
    return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const std::array<ParseOptions, 4> all = make_options();
    check_format("json", {reinterpret_cast<const char*>(data), size}, all);
    return 0;
}
