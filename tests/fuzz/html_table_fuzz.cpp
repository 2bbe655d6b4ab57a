// Any bytes as a web page. The first byte says in what pieces it comes, the second how it is
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
    all[1].columns = {{"isin", {"#2"}}, {"name", {"code"}}, {"c", {"section"}}};
    all[1].html.section = "section";
    all[2].encoding = Encoding::big5;
    all[2].html.split = {.columns = {"NAME"}, .at = {"\u3000", " "}, .into = {"code", "NAME"}};
    all[2].html.section = "s";
    all[3].encoding = Encoding::utf_8;
    return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const std::array<ParseOptions, 4> all = make_options();
    check_format("html-table", {reinterpret_cast<const char*>(data), size}, all);
    return 0;
}
