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

/// Of the absolute URLs that are like the pattern the one with the newest day, of those the one
/// with the highest number, of those the first. None when there is none.
std::optional<ChosenLink> choose_link(const UrlPattern& pattern,
                                      const std::vector<std::string>& urls);

}  // namespace isinfetch
