// Catch2 version 2 wants its main() compiled in one file; version 3 brings a library.
#ifndef ISINFETCH_CATCH2_V3
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
#endif
