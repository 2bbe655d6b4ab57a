#include "store/audit_versions.hpp"

#include <algorithm>
#include <tuple>

namespace isinfetch {

namespace {

/// Venue by venue, oldest first; of two that were published at one time, the one that ended there
/// came first.
bool is_before(const VersionSpan& left, const VersionSpan& right) {
    const auto order = [](const VersionSpan& version) {
        return std::tuple(std::string_view(version.venue),
                          std::string_view(version.published),
                          version.superseded.empty(),
                          std::string_view(version.superseded),
                          version.id);
    };
    return order(left) < order(right);
}

bool has_sound_interval(const VersionSpan& version) {
    const bool is_current = version.closed_run == 0;
    return version.superseded.empty() == is_current && version.closed_as.empty() == is_current &&
           (is_current || version.superseded >= version.published);
}

bool is_change(std::string_view opened_as) noexcept {
    return opened_as == "changed" || opened_as == "cosmetic";
}

/// Is `next` what ended `version`? A cancellation that is said again moves to its last time. Rows
/// may move to another venue of the same list.
bool ends(const VersionSpan& next, const VersionSpan& version) {
    const bool same_venue = next.venue == version.venue;
    if (version.closed_as == "cancelled") {
        return same_venue && next.opened_as == "cancelled" && next.superseded >= version.superseded;
    }
    if (next.published != version.superseded) {
        return false;
    }
    if (version.closed_as == "terminated") {
        return same_venue && next.opened_as == "terminated";
    }
    return next.id != version.id && next.is_content() &&
           (same_venue || (is_change(next.opened_as) && next.added_run == version.closed_run));
}

bool needs_successor(const VersionSpan& version) {
    return version.is_content() && !version.closed_as.empty() && version.closed_as != "removed" &&
           version.closed_as != "missing_in_full";
}

bool is_followed(const VersionSpan& version, const std::vector<VersionSpan>& versions) {
    return std::ranges::any_of(versions,
                               [&](const VersionSpan& next) { return ends(next, version); });
}

/// Do both say at one time what is listed? `last` is the one before.
bool overlap(const VersionSpan* last, const VersionSpan& version) {
    const bool is_successor = last != nullptr && last->venue == version.venue;
    return is_successor && (last->superseded.empty() || last->superseded > version.published);
}

}  // namespace

void audit_versions(std::vector<VersionSpan>& versions,
                    std::string_view kept_since,
                    const std::function<void(AuditFinding, const VersionSpan&)>& sink) {
    std::ranges::sort(versions, is_before);
    const VersionSpan* last = nullptr;  // that says what is listed
    for (const VersionSpan& version : versions) {
        if (!has_sound_interval(version)) {
            sink(AuditFinding::wrong_interval, version);
        }
        if (version.is_content() && overlap(last, version)) {
            sink(AuditFinding::overlap, version);
        }
        last = version.is_content() ? &version : last;
        const bool is_complete = !needs_successor(version) || version.superseded < kept_since ||
                                 is_followed(version, versions);
        if (!is_complete) {
            sink(AuditFinding::hole, version);
        }
    }
}

}  // namespace isinfetch
