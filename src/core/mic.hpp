// Market Identifier Code, ISO 10383:2012.
#pragma once

#include "core/defect.hpp"

#include <string_view>

namespace isinfetch {

/// Four of [A-Z0-9]. The shape only: the register changes every month. Source: ISO 10383 §5.
Inspection inspect_mic(std::string_view text) noexcept;

}  // namespace isinfetch
