// Do the versions of one ISIN in one list make sense together? Pure.
#pragma once

#include "store/audit.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace isinfetch {

/// The columns of table listing that say when a version held, and why it began and ended.
struct VersionSpan {
    std::int64_t id = 0;
    std::string venue{};
    std::string published{};
    std::string superseded{};
    std::string opened_as{};
    std::string closed_as{};
    std::int64_t added_run = 0;
    std::int64_t closed_run = 0;  ///< 0: current

    bool is_content() const noexcept {
        return opened_as != "terminated" && opened_as != "cancelled";
    }
};

/// Tells of each interval that is none, of overlaps, and of holes: versions that end because
/// another one replaces them, which is not there. What ended before `kept_since` may have lost it.
/// Leaves `versions` sorted.
void audit_versions(std::vector<VersionSpan>& versions,
                    std::string_view kept_since,
                    const std::function<void(AuditFinding, const VersionSpan&)>& sink);

}  // namespace isinfetch
