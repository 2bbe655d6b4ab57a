// Which URLs are tried, in which order, where a URL tells a day or a number. Pure.
#pragma once

#include "discover/url_pattern.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace isinfetch {

struct DatedUrl {
    std::string url{};
    std::chrono::year_month_day day{};  ///< the newest that the URL stands for
};

/// The URLs of `today` and of `days_back` days before it, newest first, each one once: one that
/// tells a month or a quarter stands for all of its days.
std::vector<DatedUrl> dated_urls(const UrlPattern& pattern,
                                 std::chrono::year_month_day today,
                                 int days_back);

/// The way up through numbers of which some may be missing: asks for one number after the other,
/// until more than `gap` in a row were not there.
class NumberWalk {
public:
    /// Begins with `first`. At most `limit` numbers are tried.
    NumberWalk(std::uint64_t first, int gap, int limit) : next_(first), gap_(gap), limit_(limit) {}

    /// The number to try now; none when the walk has ended.
    std::optional<std::uint64_t> next() const;

    /// Was the number of next() there?
    void tell(bool there);

    /// The highest number that was there; none so far.
    std::optional<std::uint64_t> highest() const noexcept { return highest_; }

    /// Did the walk end by its limit, so that there may be higher numbers?
    bool hit_limit() const noexcept { return missing_ <= gap_ && tried_ >= limit_; }

private:
    std::uint64_t next_;
    int gap_;
    int limit_;
    int tried_ = 0;
    int missing_ = 0;  ///< in a row
    std::optional<std::uint64_t> highest_{};
};

}  // namespace isinfetch
