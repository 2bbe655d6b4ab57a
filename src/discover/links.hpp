// Which link of a page is the one to the file. Pure.
#pragma once

#include "discover/url_pattern.hpp"

#include <optional>
#include <string>
#include <vector>

namespace isinfetch {

struct ChosenLink {
    std::string url{};
    std::optional<std::chrono::year_month_day> day{};  ///< that it tells
};

/// The absolute URLs that are like the pattern, from the newest to the oldest: by the day that they
/// tell, then by number. Of several with the same ones, the first. Empty when there is none.
std::vector<ChosenLink> ranked_links(const UrlPattern& pattern,
                                     const std::vector<std::string>& urls);

}  // namespace isinfetch
