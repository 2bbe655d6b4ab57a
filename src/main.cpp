#include "cli/cli.hpp"
#include "util/process.hpp"

#include <unistd.h>

#include <iostream>

int main(int argc, char** argv) {
    isinfetch::prepare_process();
    std::ios::sync_with_stdio(false);
    const isinfetch::cli::Streams streams{std::cin, std::cout, std::cerr, isatty(1) == 1};
    return static_cast<int>(isinfetch::cli::run(argc, argv, streams));
}
