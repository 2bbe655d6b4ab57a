// Changes to the versions of a key, one at a time; what follows from neighbours is kept up to date.
// The part of history.hpp that knows how versions hang together.
#pragma once

#include "store/history.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace isinfetch {

inline constexpr std::string_view kMissing = "missing_in_full";
inline constexpr std::string_view kReconciled = "reconciled";
inline constexpr std::string_view kCancelled = "cancelled";

/// Is it what is listed at that time, as far as its own end goes?
inline bool holds_at(const Version& version, const std::string& time) noexcept {
    return version.is_content() && (version.superseded.empty() || version.superseded > time);
}

/// Of a history that outlives it. Places count from 0.
class HistoryEditor {
public:
    explicit HistoryEditor(History& history) : history_(history) {}

    /// The first version that was published after `time`.
    std::size_t after(const std::string& time) const;

    /// Puts a version before the one at `place`. Gives what it was opened as.
    std::string_view insert(std::size_t place, Version version);

    /// What the version at `place` says was said again.
    void repeat(std::size_t place, const Listing& event, const std::string& published);

    /// The version at `place` was said earlier than it was thought.
    void pull_back(std::size_t place, const Listing& event, const std::string& published);

    void close_as_missing(std::size_t place, const std::string& published);

    /// What was published by then, and is before `place`, should never have been.
    void cancel_before(std::size_t place, const std::string& published);

private:
    std::string cancelled_after(std::size_t place) const;
    void put(std::size_t place, Version version);
    std::size_t make_way(std::size_t place, const std::string& published);
    void settle_around(std::size_t place);
    void settle_opening(std::size_t i);
    void settle_end(std::size_t i);

    History& history_;
};

}  // namespace isinfetch
