#include "discover/links.hpp"

#include <functional>
#include <map>
#include <utility>

namespace isinfetch {

std::vector<ChosenLink> ranked_links(const UrlPattern& pattern,
                                     const std::vector<std::string>& urls) {
    using Rank = std::pair<std::optional<std::chrono::year_month_day>, std::uint64_t>;
    std::map<Rank, ChosenLink, std::greater<>> ranked;
    for (const std::string& url : urls) {
        if (const auto values = pattern.match(url)) {
            ranked.try_emplace(Rank(values->day, values->number),
                               ChosenLink{url, pattern.has_day() ? values->day : std::nullopt});
        }
    }
    std::vector<ChosenLink> links;
    links.reserve(ranked.size());
    for (auto& [rank, link] : ranked) {
        links.push_back(std::move(link));
    }
    return links;
}

}  // namespace isinfetch
