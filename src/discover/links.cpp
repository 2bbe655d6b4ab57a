#include "discover/links.hpp"

#include <utility>

namespace isinfetch {

std::optional<ChosenLink> choose_link(const UrlPattern& pattern,
                                      const std::vector<std::string>& urls) {
    std::optional<ChosenLink> chosen;
    PatternValues best;
    for (const std::string& url : urls) {
        const auto values = pattern.match(url);
        const auto rank = [](const PatternValues& of) { return std::pair(of.day, of.number); };
        if (values && (!chosen || rank(*values) > rank(best))) {
            best = *values;
            chosen = {url, pattern.has_day() ? values->day : std::nullopt};
        }
    }
    return chosen;
}

}  // namespace isinfetch
