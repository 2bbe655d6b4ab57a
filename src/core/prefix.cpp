#include "core/prefix.hpp"

#include <algorithm>
#include <array>

namespace isinfetch {

namespace {

constexpr auto kPrefixes = std::to_array<Prefix>({
#include "core/prefix_table.inc"
});

}  // namespace

std::span<const Prefix> prefix_table() noexcept {
    return kPrefixes;
}

const Prefix* find_prefix(std::string_view code) noexcept {
    const auto* found = std::ranges::lower_bound(kPrefixes, code, {}, &Prefix::code);
    return found != kPrefixes.end() && found->code == code ? &*found : nullptr;
}

bool is_accepted_prefix(std::string_view code) noexcept {
    const Prefix* prefix = find_prefix(code);
    return prefix != nullptr && prefix->category <= PrefixClass::historic;
}

bool is_assigned_prefix(std::string_view code) noexcept {
    const Prefix* prefix = find_prefix(code);
    return prefix != nullptr && prefix->category <= PrefixClass::special;
}

}  // namespace isinfetch
