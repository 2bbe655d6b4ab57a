#include "core/mic.hpp"

#include "core/base36.hpp"

#include <algorithm>

namespace isinfetch {

Inspection inspect_mic(std::string_view text) noexcept {
    if (text.size() != 4) {
        return {Defect::length, text.size()};
    }
    const auto* wrong = std::ranges::find_if_not(text, is_base36);
    if (wrong != text.end()) {
        return {Defect::character, static_cast<std::size_t>(wrong - text.begin())};
    }
    return {};
}

}  // namespace isinfetch
