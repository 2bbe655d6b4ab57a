// What the clocks of a place show: local time by the time zones of this machine (package tzdata).
// Home of Howard Hinnant's date library, because the standard library of g++ 12 has no zones.
#pragma once

#include "util/time.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace isinfetch {

/// A time zone by its IANA name. UTC needs no tzdata; for every other zone each member function
/// throws Error{config} on a machine that has none. May be used by several threads.
class Zone {
public:
    Zone() = default;  ///< UTC

    /// Throws Error{config} with the nearest name when tzdata knows no such zone. On a machine
    /// without tzdata, where nothing can be known, any name is taken.
    static Zone parse(std::string_view name);

    const std::string& name() const noexcept { return name_; }

    std::chrono::local_seconds to_local(Timestamp time) const;

    /// The first moment at which the clocks show `local`; when they skip it, the first moment after
    /// the gap.
    Timestamp to_utc(std::chrono::local_seconds local) const;

    /// What the clocks are ahead of UTC at some time between the two, ascending, each value once.
    std::vector<std::chrono::seconds> offsets(Timestamp from, Timestamp until) const;

private:
    explicit Zone(std::string_view name) : name_(name) {}

    bool is_utc() const noexcept { return name_ == "UTC" || name_ == "Etc/UTC"; }

    std::string name_ = "UTC";
};

}  // namespace isinfetch
