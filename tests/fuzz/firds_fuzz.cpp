// Any bytes as a FIRDS file, in buffers of any size: both paths through it must come to the same,
// and to nothing but records or an Error. For libFuzzer.
#include "parse/firds_text.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

using namespace isinfetch;
using namespace isinfetch::test;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) {
        return 0;
    }
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const std::size_t step = data[0] == 0 ? std::size_t{1} << 20U : data[0];
    // The second byte: a whole file, or what is in the container of one of the three.
    const std::string_view rest = bytes.substr(2);
    std::string text;
    switch (data[1] % 4) {
        case 0:
            text = rest;
            break;
        case 1:
            text = full_text(rest);
            break;
        case 2:
            text = delta_text(rest);
            break;
        default:
            text = cancelled_text(rest);
            break;
    }
    const FirdsOutcome quick = read_firds_text(text, FirdsPath::quick, {}, step);
    if (!(quick == read_firds_text(text, FirdsPath::general))) {
        std::abort();
    }
    return 0;
}
