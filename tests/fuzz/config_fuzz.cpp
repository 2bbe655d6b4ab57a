// Any bytes as a configuration file. For libFuzzer.
#include "config_fuzz.hpp"

#include "support/memory_file.hpp"

using namespace isinfetch;
using namespace isinfetch::test;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const MemoryFile file({reinterpret_cast<const char*>(data), size});
    check_config({.file = file.path(), .state_dir = "/nowhere", .sources = {{"mine"}}});
    return 0;
}
