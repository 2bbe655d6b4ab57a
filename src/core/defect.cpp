#include "core/defect.hpp"

#include <array>

namespace isinfetch {

namespace {

struct DefectInfo {
    std::string_view name;
    std::string_view description;
};

// In the order of Defect.
constexpr std::array<DefectInfo, kDefectCount> kDefects{{
    {"none", "valid"},
    {"length", "wrong length"},
    {"character", "wrong character"},
    {"prefix", "does not begin with two letters"},
    {"check_digit", "wrong check digit"},
    {"unknown_prefix", "unknown prefix"},
    {"unknown", "unknown code"},
}};

}  // namespace

std::string_view describe(Defect defect) noexcept {
    return kDefects[static_cast<std::size_t>(defect)].description;
}

std::string_view name(Defect defect) noexcept {
    return kDefects[static_cast<std::size_t>(defect)].name;
}

}  // namespace isinfetch
