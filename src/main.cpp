#include "cli/cli.hpp"
#include "util/process.hpp"

#include <unistd.h>

#include <iostream>
#include <string_view>

#ifdef __USE_FORTIFY_LEVEL
#define ISINFETCH_TEXT_OF(macro) ISINFETCH_TEXT(macro)
#define ISINFETCH_TEXT(text) #text
/// For tests/system/hardening_test.py: where the compiler has nothing to check, FORTIFY leaves no
/// other trace.
[[gnu::used]] constexpr std::string_view kFortified =
    "isinfetch: FORTIFY " ISINFETCH_TEXT_OF(__USE_FORTIFY_LEVEL);
#endif

int main(int argc, char** argv) {
    isinfetch::prepare_process();
    std::ios::sync_with_stdio(false);
    const isinfetch::cli::Streams streams{std::cin, std::cout, std::cerr, isatty(1) == 1};
    return static_cast<int>(isinfetch::cli::run(argc, argv, streams));
}
