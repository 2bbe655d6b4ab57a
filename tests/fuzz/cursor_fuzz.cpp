// Any bytes as the cursor of a feed, as the store keeps it. For libFuzzer.
#include "discover/plan.hpp"
#include "require.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

using namespace isinfetch;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto cursor = parse_cursor(text)) {
        require(parse_cursor(text_of(*cursor)) == cursor);
        require(text_of(parse_cursor(text_of(*cursor)).value()) == text_of(*cursor));
        // Not from year 0 on: each day since then would be a gap.
        if (cursor->delta < "2026" || cursor->snapshot < "2026") {
            return 0;
        }
        Sets sets;
        sets.complete.push_back({.date = "2026-11-20", .role = Role::snapshot});
        sets.complete.push_back({.date = "2026-11-21", .role = Role::delta});
        plan_run(sets, *cursor);
    }
    return 0;
}
