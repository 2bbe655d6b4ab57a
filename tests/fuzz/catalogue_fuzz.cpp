// Any bytes as an entry of the catalogue. For libFuzzer.
#include "config_fuzz.hpp"
#include "support/temp_dir.hpp"

#include <fstream>

using namespace isinfetch;
using namespace isinfetch::test;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const TempDir folder;
    static const TempDir nobody;  // whose configuration there is none of
    std::ofstream(folder / "mine.yaml", std::ios::binary)
        .write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
    check_config({.state_dir = "/nowhere",
                  .environment = {{"ISINFETCH_CATALOGUE", folder.path()},
                                  {"XDG_CONFIG_HOME", nobody.path()},
                                  {"HOME", nobody.path()}},
                  .program_dir = nobody.path()});
    return 0;
}
