// The one file that knows Catch2 version 2 (Debian 12) from version 3 (Debian 13).
#pragma once

#ifdef ISINFETCH_CATCH2_V3
#include <catch2/catch_all.hpp>
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;
#else
#include <catch2/catch.hpp>
inline auto ContainsSubstring(const std::string& text) {
    return Catch::Contains(text);
}
using Catch::Matchers::StartsWith;
#endif

// Both versions print an Error by its message.
